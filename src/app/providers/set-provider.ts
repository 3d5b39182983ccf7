/** Keeps the company's credential for a provider, sealed, in place of the one before. */
import { baseUrlProblem } from '../../core/network/base-url.ts';
import { missing, unfit } from '../missing.ts';
import type { ConfiguredProviders, Credentials, ProviderCredential } from '../ports/credentials.ts';
import type { ProviderName } from '../ports.ts';
import { type ProviderSettings, providerSettings } from './provider-settings.ts';

export interface ProviderPorts {
  readonly credentials: Credentials;
  readonly configured: ConfiguredProviders;
}

/** Every provider and where its calls go. */
export async function readProviders({ credentials, configured }: ProviderPorts): Promise<readonly ProviderSettings[]> {
  return providerSettings(configured, await credentials.all());
}

/** Throws `Refused(unprocessable)` for a base URL that must not be called. */
export async function setProvider(
  ports: ProviderPorts,
  asked: Omit<ProviderCredential, 'changedAt'>,
): Promise<ProviderSettings> {
  const problem =
    asked.baseUrl === undefined ? undefined : baseUrlProblem(asked.baseUrl, ports.configured.allowPrivate);
  if (problem !== undefined) throw unfit('/baseUrl', problem);
  await ports.credentials.put(asked);
  return settingsOf(ports, asked.provider);
}

/** Forgets the kept credential; the configured one counts again, or the sandbox. Throws `Refused(not_found)`. */
export async function unsetProvider(ports: ProviderPorts, provider: ProviderName): Promise<ProviderSettings> {
  if (!(await ports.credentials.remove(provider))) throw missing('stored credential');
  return settingsOf(ports, provider);
}

async function settingsOf(ports: ProviderPorts, name: ProviderName): Promise<ProviderSettings> {
  const settings = (await readProviders(ports)).find((each) => each.name === name);
  if (!settings) throw new Error(`provider ${name} has no settings`);
  return settings;
}
