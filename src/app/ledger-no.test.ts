import { expect, it } from 'vitest';
import { nano } from '../core/money/amount.ts';
import { instant } from '../core/time/instant.ts';
import { ledgerNo } from './ledger-no.ts';

it.each([
  ['budget_exhausted', '$0.000000001', { why: 'insufficient', available: nano(1n), renewsAt: instant(0) }],
  ['conflict', 'settled already, with $13.00', { why: 'already', state: 'settled', amount: nano(13n * 10n ** 9n) }],
  ['unprocessable', 'contents: amount, lease.', { why: 'id_reused', differs: ['asked', 'least', 'leaseMs'] }],
  ['unprocessable', 'contents: usage.', { why: 'id_reused', differs: ['charge'] }],
  ['not_found', 'no such hold', { why: 'unknown', what: 'hold', id: 'x' }],
  ['unprocessable', '$0.00', { why: 'beyond', most: nano(0n) }],
] as const)('a ledger’s no is told as %s, saying “%s”', (code, words, refusal) => {
  const told = ledgerNo(refusal, 'This pool', 'the people team').refusal;
  expect(told.code).toBe(code);
  expect(told.message).toContain(words);
});

it('a budget that is spent says what is left, when it renews and where to ask', () => {
  const no = ledgerNo({ why: 'insufficient', available: nano(7n), renewsAt: instant(9) }, 'This pool', 'finance');
  expect(no.refusal.budget).toEqual({ left: 7n, renewsAt: 9, whereToAsk: 'finance' });
});
