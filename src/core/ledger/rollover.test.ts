import { expect, it } from 'vitest';
import { nano } from '../money/amount.ts';
import { instant } from '../time/instant.ts';
import { rolledOver } from './rollover.ts';
import type { Tranche } from './state.ts';

const tranche = (posted: bigint, held: bigint, most: bigint, least: bigint): Tranche => ({
  id: 't',
  account: 'a',
  priority: 1,
  effectiveAt: instant(0),
  expiresAt: instant(10),
  createdAt: instant(0),
  stage: 'open',
  posted: nano(posted),
  held: nano(held),
  version: 1,
  rollover: { most: nano(most), least: nano(least) },
});

it.each<[string, Tranche, bigint | undefined, bigint | undefined]>([
  ['at most the most', tranche(90n, 0n, 50n, 0n), 50n, 0n],
  ['what there is below it', tranche(40n, 0n, 50n, 0n), 40n, 0n],
  ['nothing when the most is 0: use it or lose it', tranche(90n, 0n, 0n, 0n), undefined, undefined],
  ['a refill to X when least and most are X', tranche(30n, 0n, 80n, 80n), 30n, 50n],
  ['X also from more than X', tranche(90n, 0n, 80n, 80n), 80n, 0n],
  ['nothing of what is held', tranche(90n, 70n, 50n, 0n), 20n, 0n],
])('%s lives on', (_, expiring, kept, added) => {
  const next = rolledOver(expiring);
  expect([next?.kept, next?.added]).toEqual([kept, added]);
});

it('nothing lives on that would have ended by the expiry, nor without a rollover', () => {
  const expiring = tranche(90n, 0n, 50n, 0n);
  const most = nano(50n);
  const least = nano(0n);
  expect(rolledOver({ ...expiring, rollover: { most, least, expiresAt: instant(10) } })).toBeUndefined();
  expect(rolledOver({ ...expiring, rollover: { most, least, expiresAt: instant(11) } })?.kept).toBe(50n);
  const { rollover, ...plain } = expiring;
  expect([rollover?.most, rolledOver(plain)]).toEqual([most, undefined]);
});
