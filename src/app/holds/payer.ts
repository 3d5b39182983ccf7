/** Who pays for what does not pass the gateway: the accounts behind a key, or a person's own. */
import type { AccountId, Book } from '../../core/ledger/operations.ts';
import type { Instant } from '../../core/time/instant.ts';
import { missing, unfit } from '../missing.ts';
import type { KeyRing, VirtualKey } from '../ports/key-ring.ts';
import type { People } from '../ports/people.ts';
import type { Pools } from '../ports/promises.ts';
import type { Clock } from '../ports.ts';

export type PayerAsked = { readonly keyId: string } | { readonly personId: string };

export interface PayerPorts {
  readonly keyRing: KeyRing;
  readonly people: People;
  readonly pools: Pools;
  readonly clock: Clock;
}

export interface Payer {
  readonly principalId: string;
  readonly keyId?: string;
  /** In the order they pay. */
  readonly accounts: Readonly<Record<Book, readonly AccountId[]>>;
}

/**
 * `ended`: what becomes of a key that has ended. It pays for what was asked or used before; it takes nothing new.
 * Throws `Refused`: `not_found`, or `unprocessable` for a key that has ended.
 */
export async function payerOf(ports: PayerPorts, asked: PayerAsked, ended: 'pays' | 'refused'): Promise<Payer> {
  if ('personId' in asked) {
    const person = await ports.people.find(asked.personId);
    if (!person) throw missing('person', '/personId');
    const { live, test } = person.accounts;
    return { principalId: person.id, accounts: { live: [live], test: [test] } };
  }
  const key = await ports.keyRing.find(asked.keyId);
  if (!key) throw missing('key', '/keyId');
  if (ended === 'refused') requireInUse(key, ports.clock.now());
  const sources = await Promise.all(key.funding.map((source) => accountsBehind(ports, key, source)));
  return {
    principalId: 'personId' in key.holder ? key.holder.personId : key.holder.serviceId,
    keyId: key.id,
    accounts: { live: sources.map(({ live }) => live), test: sources.map(({ test }) => test) },
  };
}

function requireInUse(key: VirtualKey, now: Instant): void {
  if (key.revokedAt !== undefined) throw unfit('/keyId', 'is revoked');
  if (key.expiresAt !== undefined && key.expiresAt <= now) throw unfit('/keyId', 'has expired');
}

async function accountsBehind(ports: PayerPorts, key: VirtualKey, source: VirtualKey['funding'][number]) {
  const owner =
    'poolId' in source
      ? await ports.pools.find(source.poolId)
      : 'personId' in key.holder
        ? await ports.people.find(key.holder.personId)
        : undefined;
  if (!owner) throw new Error(`key ${key.id} draws on an account that is not there`);
  return owner.accounts;
}
