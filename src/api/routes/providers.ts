/** `/providers`. */
import type { FastifyInstance } from 'fastify';
import type { ProviderSettings } from '../../app/providers/provider-settings.ts';
import { readProviders, setProvider, unsetProvider } from '../../app/providers/set-provider.ts';
import { newProvider, type Provider, provider, providerName, providers } from '../../contract/provider.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { addChange, addMake, addRead, nothing } from '../add-route.ts';
import { given } from '../given.ts';
import type { ApiPorts } from '../ports.ts';

export function addProviderRoutes(app: FastifyInstance, ports: ApiPorts): void {
  addMake(
    app,
    ports,
    {
      path: '/providers',
      summary: 'Keeps the company’s credential for a provider, sealed; it is never shown again.',
      body: newProvider,
      answer: provider,
      status: 201,
    },
    async ({ body: { name, apiKey, baseUrl } }) =>
      writeProvider(await setProvider(ports, given({ provider: name, apiKey, baseUrl }))),
  );
  addRead(
    app,
    ports,
    {
      path: '/providers',
      summary: 'Lists the providers and who serves them, without any credential.',
      access: 'admin',
      query: nothing,
      answer: providers,
    },
    async () => ({ items: (await readProviders(ports)).map(writeProvider), nextCursor: null }),
  );
  for (const name of providerName.options) {
    addChange(
      app,
      ports,
      {
        method: 'DELETE',
        path: `/providers/${name}`,
        summary: `Forgets the kept credential for ${name}.`,
        body: nothing,
        answer: provider,
      },
      async () => writeProvider(await unsetProvider(ports, name)),
    );
  }
}

function writeProvider({ name, baseUrl, from, apiKey, changedAt }: ProviderSettings): Provider {
  return {
    name,
    baseUrl,
    credential: from,
    servedBy: apiKey === undefined ? 'sandbox' : 'provider',
    ...(changedAt === undefined ? {} : { changedAt: formatInstant(changedAt) }),
  };
}
