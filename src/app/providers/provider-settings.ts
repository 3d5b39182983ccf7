/** How a provider is reached: by the credential that is kept, else by the configured one, else not at all. Pure. */
import type { ConfiguredProviders, ProviderCredential } from '../ports/credentials.ts';
import type { ProviderName } from '../ports.ts';

export const PROVIDERS: readonly ProviderName[] = ['anthropic', 'openai', 'gemini'];

export interface ProviderSettings {
  readonly name: ProviderName;
  readonly baseUrl: string;
  readonly from: 'stored' | 'configured' | 'none';
  /** Absent: the sandbox serves it. */
  readonly apiKey?: string;
  readonly changedAt?: ProviderCredential['changedAt'];
}

export function providerSettings(
  configured: ConfiguredProviders,
  kept: readonly ProviderCredential[],
): readonly ProviderSettings[] {
  return PROVIDERS.map((name) => {
    const { baseUrl, apiKey } = configured.providers[name];
    const stored = kept.find((each) => each.provider === name);
    if (stored) {
      const { apiKey: storedKey, changedAt } = stored;
      return { name, baseUrl: stored.baseUrl ?? baseUrl, from: 'stored', apiKey: storedKey, changedAt };
    }
    return apiKey === undefined ? { name, baseUrl, from: 'none' } : { name, baseUrl, from: 'configured', apiKey };
  });
}
