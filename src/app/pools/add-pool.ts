/** Adds a pool, with an account in each book and nothing in them. */
import { type Act, idOf } from '../act.ts';
import { taken } from '../missing.ts';
import type { PoolRecord, Pools } from '../ports/promises.ts';
import type { Ids, Ledger } from '../ports.ts';

/** Throws `Refused(conflict)` when another pool has the name. */
export async function addPool(
  ports: { readonly pools: Pools; readonly ledger: Ledger; readonly ids: Ids },
  act: Act,
  asked: { readonly name: string; readonly description?: string },
): Promise<PoolRecord> {
  const id = idOf(ports.ids, act, 'pool');
  const accounts = await ports.ledger.openAccounts({ kind: 'pool', id }, 'absorb');
  const added = await ports.pools.add({ ...asked, id, accounts });
  if ('taken' in added) throw taken('pool', added.taken);
  return added;
}
