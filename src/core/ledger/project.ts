/** What the books of an account will be at an instant if nobody touches them before. */

import { nano } from '../money/amount.ts';
import type { Instant } from '../time/instant.ts';
import { advance } from './advance.ts';
import type { HeldThen } from './balance.ts';
import { hasExpired } from './burn-order.ts';
import { LedgerDraft } from './draft.ts';
import type { Account, Tranche, Transfer } from './state.ts';

/**
 * The transfers that boundaries up to `until` bring and that are not booked yet. Reading needs no write and no job: who
 * asks after a boundary sees it booked or projected, and the figures are the same.
 */
export function pendingTransfers(account: Account, tranches: readonly Tranche[], until: Instant): Transfer[] {
  const state = { accounts: [account], tranches, holds: [], answered: [], charges: new Map() };
  const draft = new LedgerDraft(state, {
    now: until,
    entryId: () => '',
    successorOf: (tranche) => `after ${tranche}`,
  });
  advance(draft, account.id);
  return draft.writes().entries.flatMap(({ transfers }) => transfers);
}

/** What is held of an account's tranches now, as it will stand at `then` if no hold ends before. */
export function heldAt(tranches: readonly Tranche[], then: Instant): HeldThen {
  let active = 0n;
  let expired = 0n;
  for (const tranche of tranches) {
    if (hasExpired(tranche, then)) expired += tranche.held;
    else active += tranche.held;
  }
  return { active: nano(active), expired: nano(expired) };
}
