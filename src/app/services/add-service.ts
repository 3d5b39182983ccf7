/** Adds a service principal: a pool owns it and pays for it, a person answers for it. */
import { type Act, idOf } from '../act.ts';
import { missing } from '../missing.ts';
import type { People, ServiceRecord, Services } from '../ports/people.ts';
import type { Pools } from '../ports/promises.ts';
import type { Ids } from '../ports.ts';

/** Throws `Refused(not_found)` when the pool or the steward is not there. */
export async function addService(
  ports: { readonly services: Services; readonly people: People; readonly pools: Pools; readonly ids: Ids },
  act: Act,
  asked: { readonly name: string; readonly poolId: string; readonly stewardId: string },
): Promise<ServiceRecord> {
  const [pool, steward] = await Promise.all([ports.pools.find(asked.poolId), ports.people.find(asked.stewardId)]);
  if (!pool) throw missing('pool', '/poolId');
  if (!steward) throw missing('person', '/stewardId');
  return ports.services.add({ ...asked, id: idOf(ports.ids, act, 'service'), status: 'active' });
}
