/** Dividing money so that the parts always sum to the whole. */
import { type Amount, nano } from './amount.ts';

/**
 * The parts of `whole` (≥ 0) by weight (integers ≥ 0, at least one above 0), by largest remainder (Hamilton): each part
 * is first rounded down, then the nano-dollars left over go one each to the largest remainders, the earlier of equal ones
 * first. Throws a RangeError on a negative input or when all weights are zero.
 */
export function divide(whole: Amount, weights: readonly bigint[]): Amount[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (whole < 0n || sum <= 0n || weights.some((weight) => weight < 0n)) {
    throw new RangeError('a division needs a whole and weights that are not negative, and one weight above zero');
  }
  const parts = weights.map((weight, index) => {
    const share = whole * weight;
    return { index, part: share / sum, remainder: share % sum };
  });
  let left = whole - parts.reduce((a, { part }) => a + part, 0n);
  for (const part of parts.toSorted((a, b) => compare(b.remainder, a.remainder) || a.index - b.index)) {
    if (left === 0n) break;
    part.part += 1n;
    left -= 1n;
  }
  return parts.map(({ part }) => nano(part));
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
