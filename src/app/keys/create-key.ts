/** Makes a key for a person or a service; its text is in the answer and nowhere else. */

import { startOfDay } from '../../core/time/calendar.ts';
import type { Instant } from '../../core/time/instant.ts';
import { type Act, idOf } from '../act.ts';
import { missing, unfit } from '../missing.ts';
import type { FundingSource, KeyHolder, KeyRing, ShownKey } from '../ports/key-ring.ts';
import type { People, Services } from '../ports/people.ts';
import type { Pools } from '../ports/promises.ts';
import type { Clock, Ids } from '../ports.ts';
import { keyTerms } from './key-terms.ts';

export interface KeyPorts {
  readonly keyRing: KeyRing;
  readonly people: People;
  readonly services: Services;
  readonly pools: Pools;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: string;
}

export interface NewKey {
  readonly holder: KeyHolder;
  readonly name: string;
  /** The first days on which it is refused, by where the request says so: the earliest counts. */
  readonly ends: readonly { readonly pointer: string; readonly on: string }[];
  readonly models?: readonly string[];
  readonly parentKeyId?: string;
  readonly funding?: readonly FundingSource[];
}

/** Throws `Refused`: `not_found` (holder, parent, pool), `unprocessable` (terms that do not fit, see `keyTerms`). */
export async function createKey(ports: KeyPorts, act: Act, asked: NewKey): Promise<ShownKey> {
  const ownFunding = await fundingOf(ports, asked.holder);
  const parent = asked.parentKeyId === undefined ? undefined : await ports.keyRing.find(asked.parentKeyId);
  if (asked.parentKeyId !== undefined && !parent) throw missing('key', '/parentKeyId');
  await requirePools(ports, asked.funding ?? []);
  const end = earliest(asked.ends.map(({ pointer, on }) => ({ pointer, at: startOfDay(on, ports.zone) })));
  const { holder, funding, models } = asked;
  const terms = keyTerms(
    {
      holder,
      ...(funding === undefined ? {} : { funding }),
      ...(models === undefined ? {} : { models }),
      ...(end === undefined ? {} : { end }),
    },
    parent,
    ownFunding,
    ports.clock.now(),
  );
  const shown = await ports.keyRing.add({
    ...terms,
    id: idOf(ports.ids, act, 'key'),
    name: asked.name,
    ...(parent ? { parentKeyId: parent.id } : {}),
  });
  if (!shown) throw unfit('/parentKeyId', 'is revoked');
  return shown;
}

async function fundingOf(ports: KeyPorts, holder: KeyHolder): Promise<readonly FundingSource[]> {
  if ('personId' in holder) {
    if (!(await ports.people.find(holder.personId))) throw missing('person', '/personId');
    return [{ grants: true }];
  }
  const service = await ports.services.find(holder.serviceId);
  if (!service) throw missing('service', '/serviceId');
  return [{ poolId: service.poolId }];
}

async function requirePools(ports: KeyPorts, funding: readonly FundingSource[]): Promise<void> {
  const found = await Promise.all(
    funding.map((source) => ('poolId' in source ? ports.pools.find(source.poolId) : 'grants')),
  );
  const lacking = found.indexOf(undefined);
  if (lacking !== -1) throw missing('pool', `/funding/${lacking}/poolId`);
}

function earliest<End extends { readonly at: Instant }>(ends: readonly End[]): End | undefined {
  return ends.toSorted((a, b) => a.at - b.at)[0];
}
