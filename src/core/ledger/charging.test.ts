import { expect, it } from 'vitest';
import { at, numbers, Story } from '../../../test/ledger/story.ts';
import { nano } from '../money/amount.ts';
import { chargesPlace, lastOf } from './charging.ts';
import type { LedgerOperation } from './operations.ts';

const call = { requestId: 'r', principalId: 'p', provider: 'openai', model: 'gpt-5' };
const charge = (id: string, accounts: readonly string[], amount: bigint): LedgerOperation => ({
  kind: 'charge',
  id,
  accounts,
  amount: nano(amount),
  call,
  charge: { outcome: 'unenforced' },
});

it('costs add up by the provider’s model', () => expect(chargesPlace(call)).toBe('charges/openai/gpt-5'));

it('the accounts pay in funding order, and what none covers is the last one’s overrun', () => {
  const story = new Story();
  story.grant({ amount: 10 }, { account: 'pool', id: 'pooled' });
  story.grant({ amount: 5 });
  const outcome = story.do(charge('c', ['pool', 'person'], 18n), '+1h');
  expect(outcome).toMatchObject({
    amount: 18n,
    overrun: 3n,
    available: 0n,
    slices: [
      { account: 'pool', amount: 10n },
      { account: 'person', amount: 5n },
    ],
  });
  expect(numbers([story.read('+1h').spent, story.read('+1h').overrun])).toEqual([5, 3]);
  expect(Number(story.ledger.balance('pool', at('+1h'), at('+1h')).overrun)).toBe(0);
});

it('somebody must pay', () => expect(() => lastOf([])).toThrow(RangeError));

it('what is given back goes to the company’s part first, then to the slice last taken', () => {
  const story = new Story();
  story.grant({ amount: 10 });
  story.grant({ amount: 5, priority: 2 });
  const used = story.use(18, '+1h');
  const entry = (used.ok && used.entry) || '';
  const reverse = (id: string, amount: bigint) => story.do({ kind: 'reverse', id, entry, amount: nano(amount) }, '+2h');
  expect(reverse('r1', 4n)).toMatchObject({ overrun: 3n, slices: [{ amount: 1n }] });
  expect(story.left('+2h')).toEqual([0, 1]);
  expect(reverse('r2', 6n)).toMatchObject({ overrun: 0n, slices: [{ amount: 2n }, { amount: 4n }] });
  expect(story.left('+2h')).toEqual([2, 5]);
});

it('what is given back to an expired tranche is breakage, not balance', () => {
  const story = new Story();
  story.grant({ until: '+5h' });
  const used = story.use(40, '+1h');
  story.do({ kind: 'reverse', id: 'r', entry: (used.ok && used.entry) || '', amount: nano(40n) }, '+6h');
  const { available, spent, expired } = story.read('+6h');
  expect(numbers([available, spent, expired])).toEqual([0, 0, 100]);
});
