import { expect, it } from 'vitest';
import type { ProviderName, Upstreams } from '../ports.ts';
import { bookInForce } from './book-in-force.ts';

const served = (...by: readonly ProviderName[]): Pick<Upstreams, 'route'> => ({
  route: async (provider) =>
    by.includes(provider) ? { book: 'live', name: provider } : { book: 'test', name: 'sandbox' },
});

it('real money is spent from the first provider on, test money before', async () => {
  expect(await bookInForce(served())).toBe('test');
  expect(await bookInForce(served('gemini'))).toBe('live');
  expect(await bookInForce(served('anthropic', 'openai', 'gemini'))).toBe('live');
});
