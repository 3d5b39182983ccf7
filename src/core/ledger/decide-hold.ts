/** Setting money aside before a call, and keeping it set aside while the call runs. */
import { greatest, least, nano, ZERO } from '../money/amount.ts';
import { type Instant, instant } from '../time/instant.ts';
import { availableOf } from './burn-order.ts';
import { lastOf, tranchesInOrder } from './charging.ts';
import type { LedgerDraft } from './draft.ts';
import type { LedgerOutcome, Operation } from './operations.ts';
import { already, insufficient, nextRenewal, type Payers, payersAmong, refusedAt, unknown } from './refusing.ts';
import { changedFields } from './repeating.ts';
import { takeInOrder } from './slicing.ts';
import type { Hold } from './state.ts';

/** Sets aside what is asked, or what there is of it down to `least`. */
export function decideHold(draft: LedgerDraft, operation: Operation<'hold'>): LedgerOutcome {
  const first = draft.hold(operation.id);
  if (first) return heldBefore(draft, first, operation);
  const payers = payersAmong(draft, operation.accounts);
  if (!payers.ok) return payers;
  const { ids } = payers;
  const spendable = nano(draft.available(ids) + draft.overdraftLeft(lastOf(ids)));
  const amount = least(operation.amount, spendable);
  if (amount < operation.least) {
    if (operation.sticky) draft.putHold(refusedHold(draft, operation, payers, spendable));
    return insufficient(draft, ids, spendable);
  }
  const { taken, short: overdraft } = takeInOrder(
    tranchesInOrder(draft, ids),
    (tranche) => availableOf(tranche, draft.now),
    amount,
  );
  for (const { source, amount: took } of taken) draft.changeHeld(source.id, took);
  draft.changeOverdraftHeld(lastOf(ids), overdraft);
  const hold: Hold = {
    ...emptyHold(draft, operation, payers),
    amount,
    slices: taken.map(({ source: { id: tranche, account }, amount: took }) => ({
      account,
      tranche,
      took,
      charged: ZERO,
    })),
    overdraft,
    availableThen: draft.available(ids),
    ...leaseFrom(draft.now, operation.leaseMs),
  };
  draft.putHold(hold);
  return heldOutcome(hold, false);
}

/** What a running call has used by now, which never gets less; its lease begins anew. */
export function decideCheckpoint(draft: LedgerDraft, operation: Operation<'checkpoint'>): LedgerOutcome {
  const hold = draft.hold(operation.id);
  if (!hold) return unknown(draft, 'hold', operation.id);
  if (hold.state !== 'held') return already(draft, hold);
  const known = greatest(hold.known, operation.known);
  draft.putHold({ ...hold, known, ...leaseFrom(draft.now, operation.leaseMs) });
  return { ...heldOutcome(hold, false), at: draft.now, available: draft.available(hold.accounts) };
}

/** A hold in which nothing is held yet. */
export function emptyHold(
  draft: LedgerDraft,
  operation: Pick<Operation<'hold'>, 'id' | 'amount' | 'least' | 'known' | 'leaseMs' | 'call'>,
  payers: Payers,
): Hold {
  const { id, amount: asked, least: atLeast, known, leaseMs, call } = operation;
  return {
    id,
    book: payers.book,
    state: 'held',
    accounts: payers.ids,
    asked,
    least: atLeast,
    ...(leaseMs === undefined ? {} : { leaseMs }),
    known,
    amount: ZERO,
    slices: [],
    overdraft: ZERO,
    charged: ZERO,
    overrun: ZERO,
    reversed: ZERO,
    createdAt: draft.now,
    availableThen: draft.available(payers.ids),
    call,
  };
}

function refusedHold(
  draft: LedgerDraft,
  operation: Operation<'hold'>,
  payers: Payers,
  spendable: Hold['amount'],
): Hold {
  const renewsAt = nextRenewal(draft, payers.ids);
  return {
    ...emptyHold(draft, operation, payers),
    state: 'refused',
    availableThen: spendable,
    ...(renewsAt === undefined ? {} : { renewsAt }),
  };
}

function leaseFrom(now: Instant, leaseMs: number | undefined): { readonly leaseUntil?: Instant } {
  return leaseMs === undefined ? {} : { leaseUntil: instant(now + leaseMs) };
}

/** The first answer again, whatever became of the hold since. */
function heldBefore(draft: LedgerDraft, hold: Hold, operation: Operation<'hold'>): LedgerOutcome {
  const differs = changedFields(hold, {
    accounts: [...new Set(operation.accounts)],
    asked: operation.amount,
    least: operation.least,
    leaseMs: operation.leaseMs,
    call: operation.call,
  });
  if (differs.length > 0) return refusedAt(draft, { why: 'id_reused', differs });
  if (hold.state !== 'refused') return heldOutcome(hold, true);
  const { availableThen: available, renewsAt } = hold;
  const refusal = { why: 'insufficient', available, ...(renewsAt === undefined ? {} : { renewsAt }) } as const;
  return { ok: false, at: hold.createdAt, refusal };
}

function heldOutcome(hold: Hold, repeated: boolean): Extract<LedgerOutcome, { ok: true }> {
  const slices = hold.slices.filter(({ took }) => took > 0n);
  return {
    ok: true,
    at: hold.createdAt,
    amount: hold.amount,
    overrun: ZERO,
    slices: slices.map(({ account, tranche, took: amount }) => ({ account, tranche, amount })),
    available: hold.availableThen,
    repeated,
  };
}
