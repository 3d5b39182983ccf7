import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nano, total } from '../money/amount.ts';
import { keepFirst } from './unwinding.ts';

const amounts = fc.array(fc.bigInt({ min: 0n, max: 50n }).map(nano));
const keeps = fc.bigInt({ min: 0n, max: 200n }).map(nano);

it('what was taken last is free first', () => {
  expect(keepFirst([nano(5n), nano(3n)], nano(5n))).toEqual([5n, 0n]);
  expect(keepFirst([nano(5n), nano(3n)], nano(6n))).toEqual([5n, 1n]);
});

it('keeps exactly what is to be kept, as far as there is so much, and never more of a slice than was taken', () => {
  fc.assert(
    fc.property(amounts, keeps, (taken, keep) => {
      const kept = keepFirst(taken, keep);
      const all = total(taken);
      expect(total(kept)).toBe(keep < all ? keep : all);
      for (const [index, amount] of kept.entries()) expect(amount <= (taken[index] ?? 0n)).toBe(true);
    }),
  );
});

it('unwinding in steps is unwinding at once', () => {
  fc.assert(
    fc.property(amounts, keeps, keeps, (taken, a, b) => {
      const [more, fewer] = a > b ? [a, b] : [b, a];
      expect(keepFirst(keepFirst(taken, more), fewer)).toEqual(keepFirst(taken, fewer));
    }),
  );
});
