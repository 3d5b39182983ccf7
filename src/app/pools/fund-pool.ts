/** Puts company money into a pool. */
import type { Amount } from '../../core/money/amount.ts';
import { dateOf } from '../../core/time/calendar.ts';
import { type Act, idOf } from '../act.ts';
import { termOf } from '../grants/term.ts';
import { missing } from '../missing.ts';
import type { FundingRecord, Fundings, Pools } from '../ports/promises.ts';
import type { Clock, Ids, Ledger } from '../ports.ts';
import { postFunding } from './post-funding.ts';

export interface FundingPorts {
  readonly fundings: Fundings;
  readonly pools: Pools;
  readonly ledger: Ledger;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: string;
}

export interface NewFunding {
  readonly amount: Amount;
  /** Today, in the company's zone, unless said. */
  readonly effectiveOn?: string;
  readonly expiresOn?: string;
  readonly note?: string;
}

/** Throws `Refused` with `not_found`, or `unprocessable` for dates that cannot be. */
export async function fundPool(
  ports: FundingPorts,
  act: Act,
  poolId: string,
  asked: NewFunding,
): Promise<FundingRecord> {
  if (!(await ports.pools.find(poolId))) throw missing('pool');
  const kept = await ports.fundings.keep({
    id: idOf(ports.ids, act, 'funding'),
    poolId,
    amount: asked.amount,
    ...termOf({ ...asked, effectiveOn: asked.effectiveOn ?? dateOf(ports.clock.now(), ports.zone) }, ports.zone),
    ...(asked.note === undefined ? {} : { note: asked.note }),
  });
  return postFunding(ports, kept);
}
