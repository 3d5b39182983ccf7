/** Grants that are a share of somebody's base salary. */
import { type Amount, nano } from '../money/amount.ts';

const DECIMAL = /^(\d{1,4})(?:\.(\d{1,9}))?$/;
/** Percent with nine decimals, of which a whole salary has this many. */
const WHOLE = 100n * 10n ** 9n;

/**
 * `percent` (decimal text with at most nine decimals) of `base`, exact and rounded down to the nano-dollar, so that
 * shares that sum to 100 % never sum to more than the salary. `undefined` when `percent` is not such text.
 */
export function shareOfBase(base: Amount, percent: string): Amount | undefined {
  const match = DECIMAL.exec(percent);
  if (!match) return undefined;
  const [, whole = '0', fraction = ''] = match;
  return nano((base * BigInt(whole + fraction.padEnd(9, '0'))) / WHOLE);
}
