import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nano, total } from '../money/amount.ts';
import { takeInOrder } from './slicing.ts';

const amounts = fc.bigInt({ min: 0n, max: 50n }).map(nano);

it('takes what is wanted from the earlier sources first and says what is missing', () => {
  const sources = [nano(5n), nano(0n), nano(10n)];
  expect(takeInOrder(sources, (source) => source, nano(8n))).toEqual({
    taken: [
      { source: 5n, amount: 5n },
      { source: 10n, amount: 3n },
    ],
    short: 0n,
  });
  expect(takeInOrder(sources, (source) => source, nano(20n)).short).toBe(5n);
});

it('never takes more than there is, nor from a later source while an earlier one has some left', () => {
  fc.assert(
    fc.property(fc.array(amounts), amounts, (available, wanted) => {
      const indexes = [...available.keys()];
      const { taken, short } = takeInOrder(indexes, (index) => available[index] ?? nano(0n), wanted);
      expect(total(taken.map(({ amount }) => amount)) + short).toBe(wanted);
      for (const { source, amount } of taken.slice(0, -1)) expect(amount).toBe(available[source]);
      if (short > 0n) expect(total(taken.map(({ amount }) => amount))).toBe(total(available));
    }),
  );
});
