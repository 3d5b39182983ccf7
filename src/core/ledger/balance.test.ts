import { expect, it } from 'vitest';
import { nano } from '../money/amount.ts';
import { instant } from '../time/instant.ts';
import { balanceOf, type Flow } from './balance.ts';
import type { Place } from './state.ts';

const flow = (debit: Place, credit: Place, amount: bigint): Flow => ({ debit, credit, amount: nano(amount) });
const nothingHeld = { active: nano(0n), expired: nano(0n) };
const noon = instant(12);

it('tells each figure from the transfers that make it', () => {
  const flows = [
    flow('company', 'promised', 1_000n),
    flow('promised', 'tranche', 700n),
    flow('promised', 'forfeiture', 100n),
    flow('transfers', 'tranche', 50n),
    flow('tranche', 'transfers', 20n),
    flow('tranche', 'charges/anthropic/a', 200n),
    flow('tranche', 'charges/openai/b', 70n),
    flow('charges/openai/b', 'tranche', 10n),
    flow('overrun', 'charges/openai/b', 9n),
    flow('tranche', 'overrun', 4n),
    flow('tranche', 'breakage', 110n),
    flow('breakage', 'tranche', 10n),
  ];
  expect(balanceOf(flows, { active: nano(30n), expired: nano(15n) }, noon)).toEqual({
    asOf: noon,
    granted: 1_000n,
    unvested: 200n,
    vested: 700n,
    forfeited: 100n,
    transferredIn: 50n,
    transferredOut: 20n,
    spent: 264n,
    overrun: 5n,
    held: 45n,
    expired: 85n,
    available: 336n,
  });
});

it('of no transfers is zero in every figure', () => {
  const { asOf, ...figures } = balanceOf([], nothingHeld, noon);
  expect([asOf, new Set(Object.values(figures))]).toEqual([noon, new Set([0n])]);
});
