/** The part of an amount that belongs to what is left of a period. */
import type { Instant } from '../time/instant.ts';
import { type Amount, nano, ZERO } from './amount.ts';

/**
 * `amount` (≥ 0) × time left ÷ length of [from, to), to the nearest nano-dollar, halves up. All of it at or before
 * `from`, nothing at or after `to`, and in between never nothing of something: the smallest stub is one nano-dollar.
 */
export function prorate(amount: Amount, period: { readonly from: Instant; readonly to: Instant }, at: Instant): Amount {
  if (at >= period.to || amount === 0n) return ZERO;
  if (at <= period.from) return amount;
  const left = BigInt(period.to - at);
  const length = BigInt(period.to - period.from);
  const nearest = (amount * left * 2n + length) / (length * 2n);
  return nano(nearest === 0n ? 1n : nearest);
}
