import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDollars, nano, parseDollars, total, ZERO } from './amount.ts';

describe('an amount', () => {
  it('survives being written and read, whatever it is', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }), (value) => {
        expect(parseDollars(formatDollars(nano(value)))).toBe(value);
      }),
    );
  });

  it.each([
    ['0', 0n],
    ['123.456789012', 123_456_789_012n],
    ['50.00', 50_000_000_000n],
    ['-0.000000001', -1n],
  ])('reads %s', (text, value) => expect(parseDollars(text)).toBe(value));

  it.each(['', '1e3', '1,5', '.5', '5.', '+1', ' 1', '1 ', 'NaN', 'Infinity', '0x10', '1.0000000001', '--1', '１'])(
    'refuses %j rather than guess',
    (text) => expect(parseDollars(text)).toBeUndefined(),
  );

  it.each([
    [16_650_000n, '0.01665'],
    [0n, '0.00'],
    [-1_000_000_001n, '-1.000000001'],
  ])('writes %s nano-dollars as dollars', (value, text) => expect(formatDollars(nano(value))).toBe(text));

  it('of nothing is zero', () => expect(total([])).toBe(ZERO));
});
