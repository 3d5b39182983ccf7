/** Whole numbers as digits, capitals and small letters, in that order, padded to a fixed width. */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = 62n;

/** Writes `value` in exactly `width` digits. Throws a RangeError when it is negative or does not fit. */
export function toBase62(value: bigint, width: number): string {
  let rest = value;
  let text = '';
  for (let place = 0; place < width; place += 1) {
    text = DIGITS.charAt(Number(rest % BASE)) + text;
    rest /= BASE;
  }
  if (value < 0n || rest > 0n) throw new RangeError(`does not fit ${width} base-62 digits`);
  return text;
}

/** Reads what `toBase62` wrote; `undefined` for any other text. */
export function fromBase62(text: string): bigint | undefined {
  let value = 0n;
  for (const digit of text) {
    const worth = DIGITS.indexOf(digit);
    if (worth === -1) return undefined;
    value = value * BASE + BigInt(worth);
  }
  return value;
}
