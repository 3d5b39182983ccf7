import { describe, expect, it } from 'vitest';
import { at, numbers, Story, said } from '../../../test/ledger/story.ts';
import { nano, ZERO } from '../money/amount.ts';

describe('a grant', () => {
  it('is unvested until each part is effective, and then that part is spendable', () => {
    const story = new Story();
    const tranches = [story.terms({ from: '+1d' }), story.terms({ from: '+2d' })];
    story.do({ kind: 'grant', id: 'g', account: 'person', grantId: 'g', from: 'company', tranches }, 'T0');
    const figures = ['T0', '+1d', '+2d', '+30d'].map((when) => {
      const { granted, unvested, vested, available, expired } = story.read(when);
      return numbers([granted, unvested, vested, available, expired]);
    });
    expect(figures).toEqual([
      [200, 200, 0, 0, 0],
      [200, 100, 100, 100, 0],
      [200, 0, 200, 200, 0],
      [200, 0, 200, 0, 200],
    ]);
  });

  it('from a pool takes of its tranches in their order, and is refused whole when it does not cover it', () => {
    const story = new Story();
    story.grant({ amount: 60 }, { account: 'pool', id: 'f1' });
    story.grant({ amount: 60 }, { account: 'pool', id: 'f2' });
    expect(said(story.grant({ amount: 100 }, { from: 'pool' }))).toBe('posted');
    expect(story.grant({ amount: 21 }, { from: 'pool', id: 'more' })).toMatchObject({ refusal: { available: 20n } });
    const pool = story.ledger.balance('pool', at('T0'), at('T0'));
    expect(numbers([pool.available, pool.transferredOut, story.read('T0').granted])).toEqual([20, 100, 100]);
  });

  it('refused for lack of funds stays refused after a top-up', () => {
    const story = new Story();
    const tranches = [story.terms()];
    const grant = { kind: 'grant', id: 'g', account: 'person', grantId: 'g', from: 'pool', tranches } as const;
    const first = story.do(grant, 'T0');
    story.do({ kind: 'fund', id: 'f', account: 'pool', tranche: story.terms({ amount: 500 }) }, 'T0');
    expect([said(first), story.do(grant, '+1h')]).toEqual(['insufficient', first]);
  });

  it('twice with one id is granted once', () => {
    const story = new Story();
    const tranches = [story.terms()];
    const grant = { kind: 'grant', id: 'g', account: 'person', grantId: 'g', from: 'company', tranches } as const;
    expect([said(story.do(grant, 'T0')), said(story.do(grant, '+1h'))]).toEqual(['posted', 'as before']);
    expect(Number(story.read('+1h').granted)).toBe(100);
  });

  it('with a part of nothing makes no tranche for it', () => {
    const story = new Story();
    expect(said(story.grant({ amount: 0 }))).toBe('posted');
    expect([...story.ledger.tranches]).toEqual([]);
  });

  it('that is booked after its beginning is spendable from then on, and changes no balance of before', () => {
    const story = new Story();
    story.grant({ booked: '+5d', from: 'T0' });
    expect(numbers([story.read('+4d').granted, story.read('+4d').available])).toEqual([0, 0]);
    expect(Number(story.read('+5d').available)).toBe(100);
  });

  it.each(['fund', 'grant', 'transfer', 'forfeit'] as const)(
    'a %s on an account that is not there is refused',
    (kind) => {
      const story = new Story();
      const tranche = story.terms();
      const operation = {
        fund: { kind: 'fund', id: 'o', account: 'x', tranche },
        grant: { kind: 'grant', id: 'o', account: 'x', grantId: 'g', from: 'company', tranches: [tranche] },
        transfer: { kind: 'transfer', id: 'o', from: 'person', to: 'x', tranche },
        forfeit: { kind: 'forfeit', id: 'o', account: 'x', grantId: 'g' },
      } as const;
      expect(story.do(operation[kind], 'T0')).toMatchObject({ refusal: { why: 'unknown', what: 'account', id: 'x' } });
    },
  );
});

describe('a transfer', () => {
  it('moves spendable money into a new tranche of another account, and never more than is available', () => {
    const story = new Story();
    story.grant();
    story.hold('h', 30, 'T0');
    const transfer = (id: string, amount: number) =>
      story.do({ kind: 'transfer', id, from: 'person', to: 'pool', tranche: story.terms({ amount }) }, '+1h');
    expect(transfer('t1', 71)).toMatchObject({ refusal: { why: 'insufficient', available: 70n } });
    expect(transfer('t2', 70)).toMatchObject({ ok: true, available: 0n });
    const pool = story.ledger.balance('pool', at('+1h'), at('+1h'));
    const { transferredOut, available, held } = story.read('+1h');
    expect(numbers([transferredOut, available, held, pool.transferredIn, pool.available])).toEqual([70, 0, 30, 70, 70]);
  });
});

describe('a forfeiture', () => {
  const forfeit = (vestedToo?: true) =>
    ({ kind: 'forfeit', id: 'f', account: 'person', grantId: 'g', ...(vestedToo ? { vestedToo } : {}) }) as const;
  const vesting = (): Story => {
    const story = new Story();
    const tranches = [story.terms(), story.terms({ from: '+10d' })];
    story.do({ kind: 'grant', id: 'g', account: 'person', grantId: 'g', from: 'company', tranches }, 'T0');
    story.hold('h', 30, 'T0');
    return story;
  };

  it('takes back what has not vested, and it does not vest later', () => {
    const story = vesting();
    expect(story.do(forfeit(), '+5d')).toMatchObject({ amount: 100n, available: 70n });
    for (const when of ['+5d', '+20d']) {
      const { unvested, vested, forfeited, available } = story.read(when);
      expect(numbers([unvested, vested, forfeited, available])).toEqual([0, 100, 100, 70]);
    }
  });

  it('takes back what has vested too where that is agreed, but nothing that is held', () => {
    const story = vesting();
    expect(story.do(forfeit(true), '+5d')).toMatchObject({ amount: 170n, available: 0n });
    expect(numbers([story.read('+5d').vested, story.read('+5d').forfeited, story.read('+5d').held])).toEqual([
      30, 170, 30,
    ]);
  });

  it('at the very instant of vesting comes too late for that part', () => {
    expect(vesting().do(forfeit(), '+10d')).toMatchObject({ amount: 0n, available: 170n });
  });

  it('of a grant that is not there is refused', () => {
    expect(new Story().do(forfeit(), 'T0')).toMatchObject({ refusal: { why: 'unknown', what: 'grant', id: 'g' } });
  });
});

it('a tranche’s id is used once', () => {
  const story = new Story();
  const tranche = story.terms();
  story.do({ kind: 'fund', id: 'f1', account: 'pool', tranche }, 'T0');
  expect(story.do({ kind: 'fund', id: 'f2', account: 'person', tranche }, 'T0')).toMatchObject({
    refusal: { why: 'id_reused', differs: ['tranche'] },
  });
  const twice = [story.terms({ id: 'same' }), story.terms({ id: 'same' })];
  const grant = { kind: 'grant', id: 'g', account: 'person', grantId: 'g', from: 'company', tranches: twice } as const;
  expect(said(story.do(grant, 'T0'))).toBe('id_reused');
  expect(story.read('T0').granted).toBe(nano(ZERO));
});
