import { expect, it } from 'vitest';
import { Story, said } from '../../../test/ledger/story.ts';
import { nano } from '../money/amount.ts';

function used(amount: number): {
  story: Story;
  reverse: (id: string, amount: bigint, entry?: string) => ReturnType<Story['do']>;
} {
  const story = new Story();
  story.grant();
  const outcome = story.use(amount, '+1h');
  const posted = (outcome.ok && outcome.entry) || '';
  return {
    story,
    reverse: (id, back, entry = posted) => story.do({ kind: 'reverse', id, entry, amount: nano(back) }, '+2h'),
  };
}

it('a charge can be undone in parts, never beyond what stands of it', () => {
  const { reverse, story } = used(30);
  expect(reverse('r1', 10n)).toMatchObject({ ok: true, amount: 10n, available: 80n });
  expect(reverse('r2', 21n)).toMatchObject({ refusal: { why: 'beyond', most: 20n } });
  expect(reverse('r3', 20n)).toMatchObject({ ok: true, available: 100n });
  expect(story.ledger.entries.map(({ cause }) => cause)).toEqual(['grant', 'charge', 'reverse', 'reverse']);
});

it('the same reversal twice gives back once', () => {
  const { reverse } = used(30);
  expect([said(reverse('r', 10n)), said(reverse('r', 10n)), said(reverse('r', 11n))]).toEqual([
    'posted',
    'as before',
    'id_reused',
  ]);
});

it('only what charged a call can be reversed', () => {
  const { reverse, story } = used(30);
  const grant = story.ledger.entries[0]?.id ?? '';
  expect(reverse('r', 1n, grant)).toMatchObject({ refusal: { why: 'unknown', what: 'entry', id: grant } });
  const undone = reverse('r1', 10n);
  const undoing = (undone.ok && undone.entry) || '';
  expect(reverse('r2', 1n, undoing)).toMatchObject({ refusal: { why: 'unknown', what: 'entry', id: undoing } });
});
