import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nano, total } from './amount.ts';
import { divide } from './divide.ts';

const weights = fc
  .array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 40 })
  .filter((each) => each.some((weight) => weight > 0n));
const wholes = fc.bigInt({ min: 0n, max: 10n ** 20n }).map(nano);

describe('a division', () => {
  it('of 10000 over 3:2:2 is 4286, 2857 and 2857', () => {
    expect(divide(nano(10_000n), [3n, 2n, 2n])).toEqual([4286n, 2857n, 2857n]);
  });

  it('of $100 into sevenths sums to $100 exactly, the five nano-dollars left over with the first five', () => {
    const parts = divide(nano(100_000_000_000n), [1n, 1n, 1n, 1n, 1n, 1n, 1n]);
    expect(parts.map((part) => part - 14_285_714_285n)).toEqual([1n, 1n, 1n, 1n, 1n, 0n, 0n]);
    expect(total(parts)).toBe(100_000_000_000n);
  });

  it('sums to the whole, each part within one nano-dollar of its exact share', () => {
    fc.assert(
      fc.property(wholes, weights, (whole, each) => {
        const parts = divide(whole, each);
        const sum = each.reduce((a, b) => a + b, 0n);
        expect(total(parts)).toBe(whole);
        for (const [index, part] of parts.entries()) {
          const distance = part * sum - whole * (each[index] ?? 0n);
          expect(distance > -sum && distance < sum).toBe(true);
        }
      }),
    );
  });

  it('gives nothing to a weight of zero, and refuses what cannot be divided', () => {
    fc.assert(
      fc.property(wholes, weights, (whole, each) => {
        expect(divide(whole, [...each, 0n]).at(-1)).toBe(0n);
      }),
    );
    expect(() => divide(nano(1n), [])).toThrow(RangeError);
    expect(() => divide(nano(1n), [0n])).toThrow(RangeError);
    expect(() => divide(nano(1n), [2n, -1n])).toThrow(RangeError);
    expect(() => divide(nano(-1n), [1n])).toThrow(RangeError);
  });
});
