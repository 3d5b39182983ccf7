import { expect, it } from 'vitest';
import { holdOf, Story, said } from '../../../test/ledger/story.ts';

it('one operation’s no is no other’s: of a batch exactly those that fit are taken, in their order', () => {
  const story = new Story();
  story.grant({ amount: 10 });
  const batch = [holdOf('a', 6), holdOf('b', 6), { ...holdOf('c', 1), accounts: ['nobody'] }, holdOf('d', 4)];
  expect(story.together(batch, '+1h').map(said)).toEqual(['posted', 'insufficient', 'unknown', 'posted']);
});

it('a no that may be mended is not kept: the same id works once its account is there to be named', () => {
  const story = new Story();
  const tranche = story.terms();
  const fund = { kind: 'fund', id: 'f', account: 'nobody', tranche } as const;
  expect([said(story.do(fund, 'T0')), said(story.do({ ...fund, account: 'pool' }, 'T0'))]).toEqual([
    'unknown',
    'posted',
  ]);
});

it('an operation sees what the one before it in the batch did', () => {
  const story = new Story();
  const tranches = [story.terms()];
  const grant = { kind: 'grant', id: 'g', account: 'person', grantId: 'g', from: 'company', tranches } as const;
  const settle = { kind: 'settle', id: 'h', amount: holdOf('h', 40).amount, charge: { outcome: 'completed' } } as const;
  expect(story.together([grant, holdOf('h', 100), settle], 'T0').map(said)).toEqual(['posted', 'posted', 'posted']);
  expect(Number(story.read('T0').available)).toBe(60);
});
