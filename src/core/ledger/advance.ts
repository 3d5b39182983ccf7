/**
 * Boundaries of time, booked at the first touch after them and dated at the boundary itself: nothing depends on a job
 * that runs in time, and touching often or seldom gives the same books.
 */
import { least, nano, subtract } from '../money/amount.ts';
import { type Instant, instant } from '../time/instant.ts';
import type { LedgerDraft } from './draft.ts';
import type { AccountId } from './operations.ts';
import { rolledOver } from './rollover.ts';
import type { Account, Tranche } from './state.ts';

/**
 * Books every boundary of an account's tranches that lies at or before now, in the order of time: what rolls over at an
 * expiry, and what a tranche that became active pays of an overrun. What rolls over becomes active too, so what is owed
 * burns after the rollover.
 */
export function advance(draft: LedgerDraft, accountId: AccountId): void {
  const account = draft.account(accountId);
  if (!account) return;
  for (let due = nextBoundary(draft, accountId); due; due = nextBoundary(draft, accountId)) {
    if (due.kind === 'expiry') expire(draft, account, due.tranche, due.at);
    else activate(draft, account, due.tranche, due.at);
  }
}

interface Boundary {
  readonly kind: 'expiry' | 'activation';
  readonly at: Instant;
  readonly tranche: Tranche;
}

function nextBoundary(draft: LedgerDraft, account: AccountId): Boundary | undefined {
  let next: Boundary | undefined;
  for (const tranche of draft.tranchesOf(account)) {
    const due = boundaryOf(tranche);
    if (!due || due.at > draft.now) continue;
    if (!next || due.at < next.at) next = due;
  }
  return next;
}

/** A tranche's own next boundary. One that had expired before it was booked has no activation. */
function boundaryOf(tranche: Tranche): Boundary | undefined {
  const { stage, effectiveAt, createdAt, expiresAt } = tranche;
  if (stage === 'closed') return undefined;
  const active = instant(Math.max(effectiveAt, createdAt));
  if (stage === 'ahead' && (expiresAt === undefined || active < expiresAt)) {
    return { kind: 'activation', at: active, tranche };
  }
  if (expiresAt === undefined) return undefined;
  return { kind: 'expiry', at: instant(Math.max(expiresAt, createdAt)), tranche };
}

/** Under `repay` a tranche first pays what is owed, or gets back what was given back too much. */
function activate(draft: LedgerDraft, account: Account, tranche: Tranche, at: Instant): void {
  draft.setStage(tranche.id, 'open');
  if (account.overrunPolicy !== 'repay' || account.owed === 0n) return;
  const entry = draft.begin('repay', account.book, tranche.id);
  const paid = least(account.owed, subtract(tranche.posted, tranche.held));
  if (paid > 0n) draft.moveOut(entry, tranche.id, 'overrun', paid, at);
  else draft.moveIn(entry, tranche.id, 'overrun', nano(-paid), at);
  draft.changeOwed(account.id, nano(-paid));
}

function expire(draft: LedgerDraft, account: Account, tranche: Tranche, at: Instant): void {
  draft.setStage(tranche.id, 'closed');
  const next = rolledOver(tranche);
  if (!next) return;
  const id = draft.context.successorOf(tranche.id);
  const { grantId, priority } = tranche;
  draft.addTranche({
    id,
    account: account.id,
    priority,
    effectiveAt: at,
    createdAt: at,
    ...(grantId === undefined ? {} : { grantId }),
    ...(next.expiresAt === undefined ? {} : { expiresAt: next.expiresAt }),
  });
  const entry = draft.begin('rollover', account.book, tranche.id);
  draft.moveIn(entry, id, 'breakage', next.kept, at);
  draft.move(entry, account.id, 'company', 'promised', next.added, at);
  draft.moveIn(entry, id, 'promised', next.added, at);
}
