/** Money on its way to be spendable: funding, grants, transfers between people, and taking back what has not vested. */
import { type Amount, total, ZERO } from '../money/amount.ts';
import { type Instant, instant } from '../time/instant.ts';
import { advance } from './advance.ts';
import { availableOf } from './burn-order.ts';
import type { LedgerDraft, Posting } from './draft.ts';
import type { AccountId, LedgerOutcome, Operation, Slice, TrancheTerms } from './operations.ts';
import { insufficient, payersAmong, type RefusedOutcome, refusedAt, unknown } from './refusing.ts';
import { takeInOrder } from './slicing.ts';
import type { Place, Tranche } from './state.ts';

/** Company money into an account, in one part. */
export function decideFund(draft: LedgerDraft, { id, account, tranche }: Operation<'fund'>): LedgerOutcome {
  const payers = payersAmong(draft, [account]);
  if (!payers.ok) return payers;
  const no = refuseKnownTranches(draft, [tranche]);
  if (no) return no;
  const entry = draft.begin('fund', payers.book, id);
  draft.move(entry, account, 'company', 'promised', tranche.amount);
  vest(draft, entry, account, tranche, 'promised');
  advance(draft, account);
  return booked(draft, entry, account, tranche.amount);
}

/** A promise, from the company or from what a pool has available now; each part vests at its own instant. */
export function decideGrant(draft: LedgerDraft, operation: Operation<'grant'>): LedgerOutcome {
  const { id, account, grantId, from, tranches } = operation;
  const payers = payersAmong(draft, from === 'company' ? [account] : [account, from]);
  if (!payers.ok) return payers;
  const no = refuseKnownTranches(draft, tranches);
  if (no) return no;
  const amount = total(tranches.map((tranche) => tranche.amount));
  if (from !== 'company' && draft.available([from]) < amount)
    return insufficient(draft, [from], draft.available([from]));
  const entry = draft.begin('grant', payers.book, id);
  const slices = from === 'company' ? [] : spend(draft, entry, from, amount);
  draft.move(entry, account, from === 'company' ? 'company' : 'transfers', 'promised', amount);
  for (const terms of tranches) vest(draft, entry, account, terms, 'promised', grantId);
  advance(draft, account);
  return booked(draft, entry, account, amount, slices);
}

/** Spendable money from one account to another's new tranche. */
export function decideTransfer(draft: LedgerDraft, { id, from, to, tranche }: Operation<'transfer'>): LedgerOutcome {
  const payers = payersAmong(draft, [from, to]);
  if (!payers.ok) return payers;
  const no = refuseKnownTranches(draft, [tranche]);
  if (no) return no;
  const available = draft.available([from]);
  if (available < tranche.amount) return insufficient(draft, [from], available);
  const entry = draft.begin('transfer', payers.book, id);
  const slices = spend(draft, entry, from, tranche.amount);
  vest(draft, entry, to, tranche, 'transfers');
  advance(draft, to);
  return booked(draft, entry, from, tranche.amount, slices);
}

/** Takes back what a grant still promises, and with `vestedToo` what of it is vested and free. */
export function decideForfeit(draft: LedgerDraft, operation: Operation<'forfeit'>): LedgerOutcome {
  const { id, account, grantId, vestedToo = false } = operation;
  const payers = payersAmong(draft, [account]);
  if (!payers.ok) return payers;
  const tranches = draft.tranchesOf(account).filter((tranche) => tranche.grantId === grantId);
  if (tranches.length === 0) return unknown(draft, 'grant', grantId);
  const entry = draft.begin('forfeit', payers.book, id);
  const slices: Slice[] = [];
  for (const tranche of tranches) {
    const amount = forfeitable(tranche, draft.now, vestedToo);
    if (amount === 0n) continue;
    draft.moveOut(entry, tranche.id, 'promised', amount, later(tranche.effectiveAt, draft.now));
    slices.push({ account, tranche: tranche.id, amount });
  }
  const amount = total(slices.map((slice) => slice.amount));
  draft.move(entry, account, 'promised', 'forfeiture', amount);
  return booked(draft, entry, account, amount, slices);
}

function forfeitable(tranche: Tranche, now: Instant, vestedToo: boolean): Amount {
  if (tranche.effectiveAt > now) return tranche.posted;
  return vestedToo ? availableOf(tranche, now) : ZERO;
}

/** Makes a tranche and books its money into it, at its own instant when that is still to come. Nothing for no money. */
function vest(
  draft: LedgerDraft,
  entry: Posting,
  account: AccountId,
  terms: TrancheTerms,
  from: Place,
  grantId?: string,
): void {
  const { amount, ...term } = terms;
  if (amount === 0n) return;
  draft.addTranche({ ...term, account, createdAt: draft.now, ...(grantId === undefined ? {} : { grantId }) });
  draft.moveIn(entry, term.id, from, amount, later(term.effectiveAt, draft.now));
}

/** Takes an amount that is there out of an account's tranches, in burn order. */
function spend(draft: LedgerDraft, entry: Posting, account: AccountId, amount: Amount): Slice[] {
  const { taken } = takeInOrder(draft.tranchesOf(account), (tranche) => availableOf(tranche, draft.now), amount);
  for (const { source, amount: part } of taken) draft.moveOut(entry, source.id, 'transfers', part);
  return taken.map(({ source, amount: part }) => ({ account, tranche: source.id, amount: part }));
}

function refuseKnownTranches(draft: LedgerDraft, terms: readonly TrancheTerms[]): RefusedOutcome | undefined {
  const ids = new Set(terms.map(({ id }) => id));
  const known = ids.size < terms.length || terms.some(({ id }) => draft.tranche(id));
  return known ? refusedAt(draft, { why: 'id_reused', differs: ['tranche'] }) : undefined;
}

function booked(
  draft: LedgerDraft,
  entry: Posting,
  account: AccountId,
  amount: Amount,
  slices: readonly Slice[] = [],
): LedgerOutcome {
  return {
    ok: true,
    at: draft.now,
    amount,
    overrun: ZERO,
    slices,
    available: draft.available([account]),
    ...(entry.transfers.length > 0 ? { entry: entry.id } : {}),
    repeated: false,
  };
}

function later(a: Instant, b: Instant): Instant {
  return instant(Math.max(a, b));
}
