import { expect, it } from 'vitest';
import { nano } from '../money/amount.ts';
import { instant } from '../time/instant.ts';
import { planOfExpiry } from './plan-of-expiry.ts';
import type { Transfer } from './state.ts';

const base = { account: 'a', amount: nano(7n), tranche: 't', version: 3, balanceAfter: nano(9n) };
const into = (at: number): Transfer => ({ ...base, debit: 'promised', credit: 'tranche', at: instant(at) });
const outOf = (at: number): Transfer => ({ ...base, debit: 'tranche', credit: 'charges/p/m', at: instant(at) });
const expiring = { expiresAt: instant(10) };

it('money that comes in will be breakage at the expiry', () => {
  expect(planOfExpiry(expiring, into(4))).toEqual({
    account: 'a',
    debit: 'tranche',
    credit: 'breakage',
    amount: 7n,
    at: 10,
    tranche: 't',
  });
});

it('money that goes out will not', () => {
  expect(planOfExpiry(expiring, outOf(4))).toMatchObject({ debit: 'breakage', credit: 'tranche', amount: 7n, at: 10 });
});

it('after the expiry both take effect at once: history is never changed', () => {
  expect(planOfExpiry(expiring, into(12))?.at).toBe(12);
  expect(planOfExpiry(expiring, outOf(12))?.at).toBe(12);
});

it('a tranche without an expiry has none', () => expect(planOfExpiry({}, into(4))).toBeUndefined());
