/** Writes a kept grant into both books and marks it active. Safe to repeat: every id comes from the grant's. */
import type { LedgerOperation, TrancheTerms } from '../../core/ledger/operations.ts';
import { ledgerNo } from '../ledger-no.ts';
import { missing } from '../missing.ts';
import type { People } from '../ports/people.ts';
import type { GrantRecord, Grants, Pools } from '../ports/promises.ts';
import type { Ids, Ledger } from '../ports.ts';

export interface GrantPosting {
  readonly grants: Grants;
  readonly people: People;
  readonly pools: Pools;
  readonly ledger: Ledger;
  readonly ids: Ids;
  /** Whom somebody is told to ask for more. */
  readonly whereToAsk: string;
}

/** Throws `Refused(budget_exhausted)` when the pool does not cover it; the grant is dropped then. */
export async function postGrant(ports: GrantPosting, kept: GrantRecord): Promise<GrantRecord> {
  if (kept.state === 'active') return kept;
  const [person, pool] = await Promise.all([
    ports.people.find(kept.personId),
    kept.poolId === undefined ? undefined : ports.pools.find(kept.poolId),
  ]);
  if (!person) throw missing('person', '/personId');
  const operation = (book: 'live' | 'test', from: string): LedgerOperation => ({
    kind: 'grant',
    id: ports.ids.derived(`${kept.id}:grant:${book}`),
    account: person.accounts[book],
    grantId: kept.id,
    from,
    tranches: [trancheOf(ports.ids.derived(`${kept.id}:tranche:${book}`), kept)],
  });
  const live = await ports.ledger.commit(operation('live', pool?.accounts.live ?? 'company'));
  if (!live.ok) {
    await ports.grants.drop(kept.id);
    throw ledgerNo(live.refusal, 'This pool', ports.whereToAsk);
  }
  // Test money is nobody's: it never runs dry, so it comes from the company whichever pool gives the real one.
  const test = await ports.ledger.commit(operation('test', 'company'));
  if (!test.ok) throw new Error(`a grant of test money was refused: ${test.refusal.why}`);
  return ports.grants.activate(kept.id);
}

function trancheOf(id: string, kept: GrantRecord): TrancheTerms {
  const { amount, priority, effectiveAt, expiresAt, rollover } = kept;
  return {
    id,
    amount,
    priority,
    effectiveAt,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(rollover === undefined
      ? {}
      : {
          rollover: {
            most: rollover.most,
            least: rollover.least,
            ...(rollover.expiresAt === undefined ? {} : { expiresAt: rollover.expiresAt }),
          },
        }),
  };
}
