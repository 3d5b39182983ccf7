import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDollars, nano, parseDollars } from '../money/amount.ts';
import { shareOfBase } from './share-of-base.ts';

const dollars = (text: string) => parseDollars(text) ?? nano(-1n);

describe('a share of base', () => {
  it.each([
    ['500000', '50', '250000.00'],
    ['100000', '33.333333333', '33333.333333'],
    ['123456.789012345', '12.5', '15432.098626543'],
    ['0.000000001', '50', '0.00'],
    ['100', '150', '150.00'],
  ])('of %s at %s %% is %s', (base, percent, share) =>
    expect(formatDollars(shareOfBase(dollars(base), percent) ?? nano(-1n))).toBe(share),
  );

  it.each(['', '1e2', '-5', '.5', '1.0000000001', 'NaN'])('refuses %j', (percent) =>
    expect(shareOfBase(dollars('1'), percent)).toBeUndefined(),
  );

  it('and the rest of it never sum to more than the whole, and fall short by less than two nano-dollars', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.integer({ min: 0, max: 100 }), (base, percent) => {
        const parts = [percent, 100 - percent].map((each) => shareOfBase(nano(base), String(each)) ?? 0n);
        const short = base - (parts[0] ?? 0n) - (parts[1] ?? 0n);
        expect(short === 0n || short === 1n).toBe(true);
      }),
    );
  });
});
