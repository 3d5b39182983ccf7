/** Undoing a posted charge by a new entry. */
import { nano, subtract } from '../money/amount.ts';
import { giveBack } from './charging.ts';
import type { LedgerDraft } from './draft.ts';
import type { LedgerOutcome, Operation } from './operations.ts';
import { refusedAt, unknown } from './refusing.ts';

/** Gives back of the call that an entry charged, at most what still stands of its charge. */
export function decideReverse(draft: LedgerDraft, { id, entry: charged, amount }: Operation<'reverse'>): LedgerOutcome {
  const holdId = draft.holdChargedBy(charged);
  const hold = holdId === undefined ? undefined : draft.hold(holdId);
  if (!hold) return unknown(draft, 'entry', charged);
  const standing = subtract(hold.charged, hold.reversed);
  if (amount > standing) return refusedAt(draft, { why: 'beyond', most: standing });
  const entry = draft.begin('reverse', hold.book, id, hold.id);
  const given = giveBack(draft, entry, hold, standing, subtract(standing, amount));
  draft.putHold({ ...hold, reversed: nano(hold.reversed + amount) });
  return {
    ok: true,
    at: draft.now,
    amount,
    overrun: given.overrun,
    slices: given.slices,
    available: draft.available(hold.accounts),
    ...(entry.transfers.length > 0 ? { entry: entry.id } : {}),
    repeated: false,
  };
}
