import { expect, it } from 'vitest';
import { problem } from '../contract/problem.ts';
import { REFUSALS, type RefusalCode, refused } from '../core/errors.ts';
import { nano } from '../core/money/amount.ts';
import { instant } from '../core/time/instant.ts';
import { problemAnswer } from './problem-details.ts';

const codes = Object.keys(REFUSALS) as RefusalCode[];

it.each(codes)('%s is a problem of the contract with its own status', (code) => {
  const answer = problemAnswer(refused(code, 'No.').refusal, 'r');
  expect(problem.parse(answer.problem)).toEqual(answer.problem);
  expect(answer.problem).toMatchObject({ code, detail: 'No.', requestId: 'r', status: REFUSALS[code].status });
  expect(answer.headers['x-should-retry']).toBe(String(REFUSALS[code].retry === 'after'));
});

it('a spent budget says what is left, when it renews and where to ask', () => {
  const budget = { left: nano(1n), renewsAt: instant(0), whereToAsk: 'finance' };
  expect(problemAnswer(refused('budget_exhausted', 'No.', { budget }).refusal, 'r').problem.budget).toEqual({
    left: { amount: '0.000000001', currency: 'USD' },
    renewsAt: '1970-01-01T00:00:00.000Z',
    whereToAsk: 'finance',
  });
});

it('who is unknown is told how to be known, and who may come again when', () => {
  expect(problemAnswer(refused('key_unknown', 'No.').refusal, 'r').headers['www-authenticate']).toBe('Bearer');
  const away = refused('store_unavailable', 'No.', { retryAfterSeconds: 2 });
  expect(problemAnswer(away.refusal, 'r').headers['retry-after']).toBe('2');
});
