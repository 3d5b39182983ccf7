import { expect, it } from 'vitest';
import type { LedgerOperation } from '../../core/ledger/operations.ts';
import { nano, ZERO } from '../../core/money/amount.ts';
import { laneChooser } from './lane-of.ts';

const LANES = 4;
const call = { requestId: 'r', principalId: 'p', provider: 'x', model: 'm' };
const hold = (id: string, ...accounts: string[]): LedgerOperation => ({
  kind: 'hold',
  id,
  accounts,
  amount: nano(1n),
  least: ZERO,
  known: ZERO,
  sticky: false,
  call,
});
const settle = (id: string): LedgerOperation => ({
  kind: 'settle',
  id,
  amount: ZERO,
  charge: { outcome: 'completed' },
});

it('what draws on one account first takes one lane, its endings too', () => {
  const laneOf = laneChooser(LANES);
  for (let account = 1; account <= 50; account += 1) {
    const lane = laneOf(hold(`h${account}`, `${account}`, '7'));
    const call2 = { kind: 'charge', id: 'c', accounts: [`${account}`], amount: ZERO, call } as const;
    expect(laneOf({ ...call2, charge: { outcome: 'completed' } })).toBe(lane);
    expect(laneOf({ kind: 'checkpoint', id: `h${account}`, known: ZERO, leaseMs: 1 })).toBe(lane);
    expect(laneOf(settle(`h${account}`))).toBe(lane);
  }
});

it('every lane is taken, and there is one for everything', () => {
  const laneOf = laneChooser(LANES);
  const taken = Array.from({ length: 200 }, (_, account) => laneOf(hold(`h${account}`, `${account}`)));
  expect(new Set(taken)).toEqual(new Set([0, 1, 2, 3]));
  for (const operation of [settle('unknown'), hold('nobody'), { kind: 'void', id: 'v' } as const]) {
    expect(laneOf(operation)).toBeLessThan(LANES);
  }
});
