import { describe, expect, it } from 'vitest';
import type { Me } from '../../contract/me.ts';
import { judgeKey } from './judge-key.ts';

const zero = { amount: '0.00', currency: 'USD' } as const;
const at = '2026-11-23T22:30:00.000Z';

function ada(available: string, book: 'live' | 'test'): Me {
  const figures = {
    granted: zero,
    unvested: zero,
    vested: zero,
    held: zero,
    spent: zero,
    expired: zero,
    forfeited: zero,
  };
  return {
    kind: 'person',
    person: {
      id: 'p',
      email: 'ada@example.com',
      name: 'Ada',
      status: 'active',
      startDate: '2026-01-01',
      createdAt: at,
    },
    balance: {
      ...figures,
      transferredIn: zero,
      transferredOut: zero,
      overrun: zero,
      book,
      asOf: at,
      available: { amount: available, currency: 'USD' },
    },
    keys: [],
  };
}

describe('a key', () => {
  it('with money behind it is well', () => {
    expect(judgeKey(ada('1234.50', 'live'))).toEqual([
      { state: 'well', what: 'The key is Ada’s.' },
      { state: 'well', what: '$1,234.50 is available.' },
      { state: 'well', what: 'Calls go to the providers and cost live money.' },
    ]);
  });

  it('with nothing available is ill', () => {
    expect(judgeKey(ada('0.00', 'live')).map(({ state }) => state)).toEqual(['well', 'ill', 'well']);
  });

  it('tells that the sandbox serves it', () => {
    expect(judgeKey(ada('5.00', 'test')).at(-1)).toMatchObject({
      state: 'aside',
      what: expect.stringContaining('sandbox'),
    });
  });

  it('of an admin calls no model', () => {
    expect(judgeKey({ kind: 'admin', keys: [] })).toMatchObject([{ state: 'aside' }]);
  });
});
