/** Whether this installation spends real money: it does from the first provider's credential on. */
import type { Book } from '../../core/ledger/operations.ts';
import type { Upstreams } from '../ports.ts';
import { PROVIDERS } from './provider-settings.ts';

export async function bookInForce(upstreams: Pick<Upstreams, 'route'>): Promise<Book> {
  const routes = await Promise.all(PROVIDERS.map((provider) => upstreams.route(provider)));
  return routes.some(({ book }) => book === 'live') ? 'live' : 'test';
}
