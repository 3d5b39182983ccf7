/** What a call costs, taken from tranches and beyond them, and given back again. */
import { type Amount, nano, subtract, ZERO } from '../money/amount.ts';
import { availableOf } from './burn-order.ts';
import type { LedgerDraft, Posting } from './draft.ts';
import type { AccountId, CallFacts, Slice } from './operations.ts';
import { takeInOrder } from './slicing.ts';
import type { Hold, HoldSlice, Place, Tranche } from './state.ts';
import { keepFirst } from './unwinding.ts';

/** Where the cost of a call adds up: its provider's model, in the book of who pays. */
export function chargesPlace(call: CallFacts): Place {
  return `charges/${call.provider}/${call.model}`;
}

/** Who bears what no tranche covers: the account that is drawn on last. */
export function lastOf(accounts: readonly AccountId[]): AccountId {
  const last = accounts.at(-1);
  if (last === undefined) throw new RangeError('somebody must pay');
  return last;
}

/** The tranches of several accounts in the order they are drawn on: funding order, then burn order. */
export function tranchesInOrder(draft: LedgerDraft, accounts: readonly AccountId[]): Tranche[] {
  return accounts.flatMap((account) => draft.tranchesOf(account));
}

/** Charges an amount beyond what was held: from what is available now, and the rest to overrun. */
export function chargeBeyond(
  draft: LedgerDraft,
  entry: Posting,
  hold: Hold,
  amount: Amount,
): { readonly slices: readonly HoldSlice[]; readonly overrun: Amount } {
  const place = chargesPlace(hold.call);
  const { taken, short } = takeInOrder(
    tranchesInOrder(draft, hold.accounts),
    (tranche) => availableOf(tranche, draft.now),
    amount,
  );
  for (const { source, amount: part } of taken) draft.moveOut(entry, source.id, place, part);
  const payer = lastOf(hold.accounts);
  draft.move(entry, payer, 'overrun', place, short);
  draft.changeOwed(payer, short);
  const slices = taken.map(({ source, amount: charged }) => ({
    account: source.account,
    tranche: source.id,
    took: ZERO,
    charged,
  }));
  return { slices, overrun: short };
}

/**
 * Gives back of a hold's charge what stands at `from` until `to` (≤ `from`) stands: what the company bore first, then
 * the slices, last taken first. What goes back into an expired tranche is breakage.
 */
export function giveBack(
  draft: LedgerDraft,
  entry: Posting,
  hold: Hold,
  from: Amount,
  to: Amount,
): { readonly slices: readonly Slice[]; readonly overrun: Amount } {
  const place = chargesPlace(hold.call);
  const charged = [...hold.slices.map((slice) => slice.charged), hold.overrun];
  const before = keepFirst(charged, from);
  const after = keepFirst(charged, to);
  const back = before.map((amount, index) => subtract(amount, after[index] ?? amount));
  const slices = hold.slices.map(({ account, tranche }, index) => ({ account, tranche, amount: back[index] ?? ZERO }));
  for (const { tranche, amount } of slices) draft.moveIn(entry, tranche, place, amount);
  const overrun = back.at(-1) ?? ZERO;
  draft.move(entry, lastOf(hold.accounts), place, 'overrun', overrun);
  draft.changeOwed(lastOf(hold.accounts), nano(-overrun));
  return { slices: slices.filter(({ amount }) => amount > 0n), overrun };
}
