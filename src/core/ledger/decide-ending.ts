/** The ways in which a hold ends, each once: settled, voided, swept; and what may still come after the sweeper. */
import { type Amount, greatest, least, nano, subtract, total, ZERO } from '../money/amount.ts';
import { chargeBeyond, chargesPlace, giveBack, lastOf } from './charging.ts';
import { emptyHold } from './decide-hold.ts';
import type { LedgerDraft } from './draft.ts';
import type { ChargeFacts, LedgerOutcome, Operation } from './operations.ts';
import { already, payersAmong, refusedAt, unknown } from './refusing.ts';
import { changedFields } from './repeating.ts';
import type { Hold } from './state.ts';
import { keepFirst } from './unwinding.ts';

/** Charges the actual cost, whatever was held, and frees the rest. After the sweeper it corrects what that charged. */
export function decideSettle(draft: LedgerDraft, operation: Operation<'settle'>): LedgerOutcome {
  const hold = draft.hold(operation.id);
  if (!hold) return unknown(draft, 'hold', operation.id);
  const { amount, charge } = operation;
  if (hold.state === 'held') return end(draft, hold, { cause: 'settle', state: 'settled', amount, charge });
  if (hold.state === 'expired') return settleLate(draft, hold, operation);
  return hold.state === 'settled' && hold.charged === amount ? endedOutcome(hold, true) : already(draft, hold);
}

export function decideVoid(draft: LedgerDraft, operation: Operation<'void'>): LedgerOutcome {
  const hold = draft.hold(operation.id);
  if (!hold) return unknown(draft, 'hold', operation.id);
  if (hold.state === 'held') return end(draft, hold, { cause: 'void', state: 'voided', amount: ZERO });
  return hold.state === 'voided' ? endedOutcome(hold, true) : already(draft, hold);
}

/** The sweeper's, never before the lease has ended: what is known to have been used is charged. */
export function decideExpire(draft: LedgerDraft, operation: Operation<'expire'>): LedgerOutcome {
  const hold = draft.hold(operation.id);
  if (!hold) return unknown(draft, 'hold', operation.id);
  if (hold.state === 'expired') return endedOutcome(hold, true);
  const due = hold.state === 'held' && hold.leaseUntil !== undefined && hold.leaseUntil <= draft.now;
  if (!due) return already(draft, hold);
  const charge: ChargeFacts = { outcome: 'estimated' };
  return end(draft, hold, { cause: 'expire', state: 'expired', amount: hold.known, charge });
}

/** A cost after the fact: a hold of nothing, settled at once. */
export function decideCharge(draft: LedgerDraft, operation: Operation<'charge'>): LedgerOutcome {
  const { id, amount, call, charge } = operation;
  const first = draft.hold(id);
  if (first) {
    const differs = changedFields(first, { accounts: [...new Set(operation.accounts)], charged: amount, call, charge });
    return differs.length > 0 ? refusedAt(draft, { why: 'id_reused', differs }) : endedOutcome(first, true);
  }
  const payers = payersAmong(draft, operation.accounts);
  if (!payers.ok) return payers;
  const nothing = emptyHold(draft, { id, amount: ZERO, least: ZERO, known: ZERO, call }, payers);
  return end(draft, nothing, { cause: 'charge', state: 'settled', amount, charge });
}

interface Ending {
  readonly cause: 'settle' | 'void' | 'expire' | 'charge';
  readonly state: 'settled' | 'voided' | 'expired';
  readonly amount: Amount;
  readonly charge?: ChargeFacts;
}

/** Its first slices are charged up to the amount, the rest of them is free; what goes beyond them is taken anew. */
function end(draft: LedgerDraft, hold: Hold, { cause, state, amount, charge }: Ending): LedgerOutcome {
  for (const { tranche, took } of hold.slices) draft.changeHeld(tranche, nano(-took));
  draft.changeOverdraftHeld(lastOf(hold.accounts), nano(-hold.overdraft));
  const took = hold.slices.map((slice) => slice.took);
  const kept = keepFirst(took, amount);
  const slices = hold.slices.map((slice, index) => ({ ...slice, charged: kept[index] ?? ZERO }));
  const entry = draft.begin(cause, hold.book, hold.id, hold.id);
  for (const { tranche, charged } of slices) draft.moveOut(entry, tranche, chargesPlace(hold.call), charged);
  const beyond = chargeBeyond(draft, entry, hold, subtract(amount, total(kept)));
  const ended: Hold = {
    ...hold,
    state,
    slices: [...slices, ...beyond.slices],
    charged: amount,
    overrun: beyond.overrun,
    endedAt: draft.now,
    availableAtEnd: draft.available(hold.accounts),
    ...(entry.transfers.length > 0 ? { entry: entry.id } : {}),
    ...(charge === undefined ? {} : { charge }),
  };
  draft.putHold(ended);
  return endedOutcome(ended, false);
}

/**
 * The actual cost after the lease has ended, in the place of what the sweeper charged and of what was given back of that:
 * the difference to what still stands is taken, or given back.
 */
function settleLate(draft: LedgerDraft, hold: Hold, { amount, charge }: Operation<'settle'>): LedgerOutcome {
  const entry = draft.begin('late_settle', hold.book, hold.id, hold.id);
  const standing = subtract(hold.charged, hold.reversed);
  if (amount < standing) giveBack(draft, entry, hold, standing, amount);
  const beyond = chargeBeyond(draft, entry, hold, greatest(ZERO, subtract(amount, standing)));
  const kept = keepFirst([...hold.slices.map(({ charged }) => charged), hold.overrun], least(standing, amount));
  const slices = hold.slices.map((slice, index) => ({ ...slice, charged: kept[index] ?? ZERO }));
  const settled: Hold = {
    ...hold,
    state: 'settled',
    slices: [...slices, ...beyond.slices],
    charged: amount,
    overrun: nano((kept.at(-1) ?? ZERO) + beyond.overrun),
    reversed: ZERO,
    settledLateAt: draft.now,
    availableAtEnd: draft.available(hold.accounts),
    ...(entry.transfers.length > 0 ? { entry: entry.id } : {}),
    charge,
  };
  draft.putHold(settled);
  return endedOutcome(settled, false);
}

function endedOutcome(hold: Hold, repeated: boolean): LedgerOutcome {
  const slices = hold.slices.filter(({ charged }) => charged > 0n);
  return {
    ok: true,
    at: hold.settledLateAt ?? hold.endedAt ?? hold.createdAt,
    amount: hold.charged,
    overrun: hold.overrun,
    slices: slices.map(({ account, tranche, charged: amount }) => ({ account, tranche, amount })),
    available: hold.availableAtEnd ?? hold.availableThen,
    ...(hold.entry === undefined ? {} : { entry: hold.entry }),
    repeated,
  };
}
