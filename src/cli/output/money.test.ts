import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nano, parseDollars } from '../../core/money/amount.ts';
import { showCount, showMoney } from './money.ts';

describe('money on the screen', () => {
  it.each([
    [0n, '$0.00'],
    [1_234_500_000_000n, '$1,234.50'],
    [-1n, '-$0.000000001'],
    [999_000_000_000n, '$999.00'],
    [1_000_000_000_000_000_000n, '$1,000,000,000.00'],
  ])('shows %s nano-dollars as %s', (value, text) => expect(showMoney(nano(value))).toBe(text));

  it('loses nothing: without its separators it is the amount again', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (value) => {
        expect(parseDollars(showMoney(nano(value)).replaceAll(/[$,]/g, ''))).toBe(value);
      }),
    );
  });
});

describe('a count on the screen', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1_000, '1,000'],
    [12_345_678, '12,345,678'],
  ])('shows %s as %s', (count, text) => expect(showCount(count)).toBe(text));
});
