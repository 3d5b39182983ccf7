/** Writes a kept funding into both books and marks it active. Safe to repeat: every id comes from the funding's. */
import { missing } from '../missing.ts';
import type { FundingRecord, Fundings, Pools } from '../ports/promises.ts';
import type { Ids, Ledger } from '../ports.ts';

/** A pool's own tranches burn in the order of their expiry. */
const PRIORITY = 100;

export async function postFunding(
  ports: { readonly fundings: Fundings; readonly pools: Pools; readonly ledger: Ledger; readonly ids: Ids },
  kept: FundingRecord,
): Promise<FundingRecord> {
  if (kept.state === 'active') return kept;
  const pool = await ports.pools.find(kept.poolId);
  if (!pool) throw missing('pool');
  for (const book of ['live', 'test'] as const) {
    const outcome = await ports.ledger.commit({
      kind: 'fund',
      id: ports.ids.derived(`${kept.id}:fund:${book}`),
      account: pool.accounts[book],
      tranche: {
        id: ports.ids.derived(`${kept.id}:tranche:${book}`),
        amount: kept.amount,
        priority: PRIORITY,
        effectiveAt: kept.effectiveAt,
        ...(kept.expiresAt === undefined ? {} : { expiresAt: kept.expiresAt }),
      },
    });
    if (!outcome.ok) throw new Error(`company money into a pool was refused: ${outcome.refusal.why}`);
  }
  return ports.fundings.activate(kept.id);
}
