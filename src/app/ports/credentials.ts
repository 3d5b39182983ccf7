/** The company's credentials for the providers: those that Stipend keeps, over those that its configuration brings. */
import type { Book } from '../../core/ledger/operations.ts';
import type { Instant } from '../../core/time/instant.ts';
import type { ProviderName } from '../ports.ts';

export interface ProviderCredential {
  readonly provider: ProviderName;
  /** Never to be shown or logged. */
  readonly apiKey: string;
  /** Absent: the configured or public one. */
  readonly baseUrl?: string;
  readonly changedAt: Instant;
}

export interface Credentials {
  /** Every one that is kept, opened. */
  all(): Promise<readonly ProviderCredential[]>;
  /** Seals and keeps one in place of the one before; every process hears of it within a second. */
  put(credential: Omit<ProviderCredential, 'changedAt'>): Promise<void>;
  /** `false`: none was kept. */
  remove(provider: ProviderName): Promise<boolean>;
}

/** What the configuration says of each provider; its base URL is the public one where nothing is said. */
export interface ConfiguredProviders {
  readonly providers: Readonly<Record<ProviderName, { readonly baseUrl: string; readonly apiKey?: string }>>;
  /** The operator lets base URLs be private or loopback addresses. */
  readonly allowPrivate: boolean;
}

/** Outbound calls that can be pointed elsewhere while they run; `null` is the sandbox. */
export interface ConfigurableUpstreams {
  configure(provider: ProviderName, settings: { readonly baseUrl: string; readonly apiKey: string } | null): void;
}

/** The book that balances are shown of, and outside calls booked in, where nothing else is said. */
export type BookInForce = () => Promise<Book>;
