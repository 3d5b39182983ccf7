/** Points outbound calls at where the credentials say: at start, and whenever they change in any process. */
import type { ConfigurableUpstreams } from '../ports/credentials.ts';
import { type ProviderPorts, readProviders } from './set-provider.ts';

export async function pointUpstreams(ports: ProviderPorts, upstreams: ConfigurableUpstreams): Promise<void> {
  for (const { name, baseUrl, apiKey } of await readProviders(ports)) {
    upstreams.configure(name, apiKey === undefined ? null : { baseUrl, apiKey });
  }
}
