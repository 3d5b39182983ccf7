import { expect, it } from 'vitest';
import type { LedgerOutcome } from '../../core/ledger/operations.ts';
import { nano } from '../../core/money/amount.ts';
import { instant } from '../../core/time/instant.ts';
import { json } from './columns.ts';
import { readOutcome } from './kept-answer.ts';

const posted: LedgerOutcome = {
  ok: true,
  at: instant(5),
  amount: nano(2n ** 70n),
  overrun: nano(0n),
  slices: [{ account: '1', tranche: 't', amount: nano(7n) }],
  available: nano(-3n),
  entry: 'e',
  repeated: false,
};
const insufficient: LedgerOutcome = {
  ok: false,
  at: instant(5),
  refusal: { why: 'insufficient', available: nano(9n), renewsAt: instant(7) },
};

it.each([posted, insufficient])('an answer that was kept is the answer that was given', (outcome) => {
  expect(readOutcome(JSON.parse(json(outcome)))).toEqual(outcome);
});

it('a refusal that may be mended is never kept', () => {
  const unknown = { ok: false, at: instant(5), refusal: { why: 'unknown', what: 'account', id: '1' } } as const;
  expect(() => readOutcome(unknown)).toThrow(/was kept/);
});
