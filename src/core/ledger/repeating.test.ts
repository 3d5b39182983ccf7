import { describe, expect, it } from 'vitest';
import { nano } from '../money/amount.ts';
import { instant } from '../time/instant.ts';
import type { LedgerOperation } from './operations.ts';
import { answeredBefore, askedOf, changedFields } from './repeating.ts';

const grant = (amount: bigint, grantId = 'g'): LedgerOperation => ({
  kind: 'grant',
  id: 'o',
  account: 'a',
  grantId,
  from: 'company',
  tranches: [{ id: 't', amount: nano(amount), priority: 1, effectiveAt: instant(0) }],
});
const outcome = {
  ok: true,
  at: instant(5),
  amount: nano(1n),
  overrun: nano(0n),
  slices: [],
  available: nano(1n),
  repeated: false,
} as const;

describe('an operation asked again', () => {
  const first = { id: 'o', asked: askedOf(grant(1n)), outcome };

  it('has its first answer', () => {
    expect(answeredBefore(first, grant(1n))).toEqual({ ...outcome, repeated: true });
  });

  it('with another body is told what differs', () => {
    expect(answeredBefore(first, grant(2n, 'h'))).toMatchObject({
      refusal: { why: 'id_reused', differs: ['grantId', 'tranches'] },
    });
  });

  it('is the same whatever the order of its keys, and a key that is undefined is none', () => {
    const tranche = { effectiveAt: instant(0), priority: 1, amount: nano(1n), id: 't' };
    const shuffled = {
      tranches: [tranche],
      from: 'company',
      grantId: 'g',
      account: 'a',
      id: 'other',
      kind: 'grant',
    } as const;
    expect(askedOf(shuffled)).toEqual(askedOf(grant(1n)));
    const plain = { kind: 'forfeit', id: 'o', account: 'a', grantId: 'g' } as const;
    expect(Object.keys(askedOf(plain))).not.toContain('vestedToo');
  });
});

it('a kept row is compared by the fields asked, and the request of a call may be a retry', () => {
  const call = { requestId: 'r1', principalId: 'p', provider: 'x', model: 'm', tags: { a: '1', b: '2' } };
  const row = { amount: nano(5n), lease: undefined, call, other: 1 };
  const retry = { ...call, requestId: 'r2', tags: { b: '2', a: '1' } };
  expect(changedFields(row, { amount: 5n, lease: undefined, call: retry })).toEqual([]);
  expect(changedFields(row, { amount: 6n, lease: 1, call: { ...call, model: 'n' } })).toEqual([
    'amount',
    'lease',
    'call',
  ]);
});
