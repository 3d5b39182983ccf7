import { expect, it } from 'vitest';
import { nano } from '../money/amount.ts';
import { instant } from '../time/instant.ts';
import { heldAt, pendingTransfers } from './project.ts';
import type { Account, Tranche } from './state.ts';

const account: Account = {
  id: 'a',
  book: 'live',
  overrunPolicy: 'repay',
  floor: nano(0n),
  owed: nano(5n),
  overdraftHeld: nano(0n),
};
const tranche: Tranche = {
  id: 't',
  account: 'a',
  priority: 1,
  effectiveAt: instant(10),
  expiresAt: instant(20),
  createdAt: instant(0),
  rollover: { most: nano(50n), least: nano(0n) },
  stage: 'ahead',
  posted: nano(100n),
  held: nano(8n),
  version: 1,
};

it('books up to an instant, and nothing after it', () => {
  const moved = (until: number) =>
    pendingTransfers(account, [tranche], instant(until)).map(({ debit, credit, amount, at }) => [
      `${debit}>${credit}`,
      Number(amount),
      Number(at),
    ]);
  expect(moved(9)).toEqual([]);
  expect(moved(19)).toEqual([
    ['tranche>overrun', 5, 10],
    ['breakage>tranche', 5, 20],
  ]);
  expect(moved(20).slice(2)).toEqual([['breakage>tranche', 50, 20]]);
});

it('leaves the rows it was given as they were', () => {
  pendingTransfers(account, [tranche], instant(30));
  expect([account.owed, tranche.posted, tranche.stage]).toEqual([5n, 100n, 'ahead']);
});

it('what is held of a tranche is held of an expired one from its expiry on', () => {
  expect(heldAt([tranche], instant(19))).toEqual({ active: 8n, expired: 0n });
  expect(heldAt([tranche], instant(20))).toEqual({ active: 0n, expired: 8n });
});
