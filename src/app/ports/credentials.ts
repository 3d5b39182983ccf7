/** The company's credentials for the providers, as far as they are kept by Stipend and not by its configuration. */
import type { Book } from '../../core/ledger/operations.ts';
import type { Instant } from '../../core/time/instant.ts';
import type { ProviderName } from '../ports.ts';

/** What outbound calls need of one provider. */
export interface ProviderCredential {
  readonly provider: ProviderName;
  readonly apiKey: string;
  /** Absent: the configured or public one. */
  readonly baseUrl?: string;
  readonly changedAt: Instant;
}

export interface Credentials {
  /** Every one that is kept, opened. Never to be shown or logged. */
  all(): Promise<readonly ProviderCredential[]>;
  /** Seals and keeps one in place of the one before; every process knows within a second. */
  put(credential: Omit<ProviderCredential, 'changedAt'>): Promise<void>;
  /** `false`: none was kept. */
  remove(provider: ProviderName): Promise<boolean>;
}

/** One provider as it is served now, without any secret. */
export interface ProviderStatus {
  readonly name: ProviderName;
  readonly baseUrl: string;
  readonly credential: 'stored' | 'configured' | 'none';
  readonly changedAt?: Instant;
}

/** What configuration says of the providers. */
export interface ConfiguredProviders {
  readonly baseUrls: Readonly<Record<ProviderName, string>>;
  readonly withCredential: readonly ProviderName[];
  readonly allowPrivate: boolean;
}

export type BookInForce = () => Promise<Book>;
