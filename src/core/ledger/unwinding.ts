/** Giving back what was taken, last taken first: what stays is always the first part of it, in the order of taking. */
import { type Amount, least, nano } from '../money/amount.ts';

/** The first `keep` (≥ 0) of the amounts in their order; the rest of each, from the last one backwards, is free again. */
export function keepFirst(amounts: readonly Amount[], keep: Amount): Amount[] {
  let left = keep;
  return amounts.map((amount) => {
    const kept = least(amount, left);
    left = nano(left - kept);
    return kept;
  });
}
