/** Resolves holds whose lease has ended: what is known of them is charged, the rest is free again. */
import type { Ledger } from '../ports.ts';

const SWEPT_AT_ONCE = 200;

/** Safe to run anywhere, at any time, by several at once: a hold resolves once. Returns how many it looked at. */
export async function sweepHolds(ledger: Ledger): Promise<number> {
  let swept = 0;
  for (;;) {
    const overdue = await ledger.overdueHolds(SWEPT_AT_ONCE);
    await Promise.all(overdue.map((id) => ledger.commit({ kind: 'expire', id })));
    swept += overdue.length;
    if (overdue.length < SWEPT_AT_ONCE) return swept;
  }
}
