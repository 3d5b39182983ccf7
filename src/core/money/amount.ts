/**
 * Money. An Amount is a whole number of nano-dollars in a bigint and nothing else: providers' prices per token are
 * exact in it after one rounding per request, and no float ever touches a balance.
 */
declare const amount: unique symbol;

/** Integer nano-dollars (10⁻⁹ US dollars). May be negative only where a difference is meant. */
export type Amount = bigint & { readonly [amount]: 'nano-dollars' };

const NANO_PER_DOLLAR = 1_000_000_000n;
const DECIMALS = 9;

/** Names a raw count of nano-dollars an Amount. */
export function nano(nanoDollars: bigint): Amount {
  return nanoDollars as Amount;
}

export const ZERO: Amount = nano(0n);

export function add(a: Amount, b: Amount): Amount {
  return nano(a + b);
}

export function subtract(a: Amount, b: Amount): Amount {
  return nano(a - b);
}

export function least(a: Amount, b: Amount): Amount {
  return a < b ? a : b;
}

export function greatest(a: Amount, b: Amount): Amount {
  return a > b ? a : b;
}

/** The sum of any number of amounts; of none, zero. */
export function total(amounts: Iterable<Amount>): Amount {
  let sum = 0n;
  for (const each of amounts) sum += each;
  return nano(sum);
}

/**
 * Reads decimal dollars: digits, then at most nine decimals; a leading minus is allowed.
 * No exponent, sign plus, spaces, separators or leading point. `undefined` when the text is anything else.
 */
export function parseDollars(text: string): Amount | undefined {
  const match = /^(-?)(\d{1,29})(?:\.(\d{1,9}))?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '0', fraction = ''] = match;
  const magnitude = BigInt(whole) * NANO_PER_DOLLAR + BigInt(fraction.padEnd(DECIMALS, '0'));
  return nano(sign === '-' ? -magnitude : magnitude);
}

/** Writes decimal dollars exactly, with at least two and at most nine decimals: `0.01665`, `50.00`, `-1.000000001`. */
export function formatDollars(value: Amount): string {
  const magnitude = value < 0n ? -value : value;
  const fraction = (magnitude % NANO_PER_DOLLAR).toString().padStart(DECIMALS, '0').replace(/0+$/, '').padEnd(2, '0');
  return `${value < 0n ? '-' : ''}${magnitude / NANO_PER_DOLLAR}.${fraction}`;
}
