import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../time/instant.ts';
import { nano, ZERO } from './amount.ts';
import { prorate } from './prorate.ts';

const january = { from: instant(Date.UTC(2024, 0, 1)), to: instant(Date.UTC(2024, 1, 1)) };

describe('a prorated amount', () => {
  it('of $100 on 20 January is $38.709677419', () => {
    expect(prorate(nano(100_000_000_000n), january, instant(Date.UTC(2024, 0, 20)))).toBe(38_709_677_419n);
  });

  it('is the whole at the beginning, nothing at the end, and never nothing before it', () => {
    const hundred = nano(100n);
    expect(prorate(hundred, january, january.from)).toBe(100n);
    expect(prorate(hundred, january, january.to)).toBe(0n);
    expect(prorate(hundred, january, instant(january.to - 1))).toBe(1n);
    expect(prorate(ZERO, january, instant(january.to - 1))).toBe(0n);
  });

  it('lies between nothing and the whole and never grows as time goes by', () => {
    const times = fc.integer({ min: january.from - 1_000, max: january.to + 1_000 }).map(instant);
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }).map(nano), times, times, (amount, a, b) => {
        const [early, late] = a < b ? [a, b] : [b, a];
        const [more, less] = [prorate(amount, january, early), prorate(amount, january, late)];
        expect(0n <= less && less <= more && more <= amount).toBe(true);
      }),
    );
  });
});
