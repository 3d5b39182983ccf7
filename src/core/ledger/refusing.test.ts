import { describe, expect, it } from 'vitest';
import { nano } from '../money/amount.ts';
import { type Instant, instant } from '../time/instant.ts';
import { LedgerDraft } from './draft.ts';
import { nextRenewal, payersAmong } from './refusing.ts';
import type { Account, Tranche } from './state.ts';

const account = (id: string, book: Account['book'] = 'live'): Account => ({
  id,
  book,
  overrunPolicy: 'absorb',
  floor: nano(0n),
  owed: nano(0n),
  overdraftHeld: nano(0n),
});
const tranche = (id: string, effectiveAt: number, posted: bigint): Tranche => ({
  id,
  account: 'a',
  priority: 1,
  effectiveAt: instant(effectiveAt),
  createdAt: instant(0),
  stage: 'ahead',
  posted: nano(posted),
  held: nano(0n),
  version: 1,
});
const draft = (now: Instant, tranches: readonly Tranche[] = []): LedgerDraft =>
  new LedgerDraft(
    {
      accounts: [account('a'), account('b'), account('t', 'test')],
      tranches,
      holds: [],
      answered: [],
      charges: new Map(),
    },
    { now, entryId: () => 'e', successorOf: (id) => `after ${id}` },
  );

describe('payers', () => {
  it('are each named once, in funding order', () => {
    expect(payersAmong(draft(instant(0)), ['b', 'a', 'b'])).toEqual({ ok: true, ids: ['b', 'a'], book: 'live' });
  });

  it.each<[string, string[], string]>([
    ['one that is not there', ['a', 'x'], 'x'],
    ['one of another book', ['a', 't'], 't'],
    ['nobody', [], ''],
  ])('are refused with %s', (_, asked, id) => {
    expect(payersAmong(draft(instant(0)), asked)).toMatchObject({ refusal: { why: 'unknown', what: 'account', id } });
  });
});

describe('the next renewal', () => {
  it('is when the next tranche with money becomes active', () => {
    const tranches = [
      tranche('past', 5, 9n),
      tranche('empty', 15, 0n),
      tranche('later', 30, 9n),
      tranche('next', 20, 9n),
    ];
    expect(nextRenewal(draft(instant(10), tranches), ['a', 'b'])).toBe(20);
    expect(nextRenewal(draft(instant(30), tranches), ['a', 'b'])).toBeUndefined();
  });
});
