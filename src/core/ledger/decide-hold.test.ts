import { describe, expect, it } from 'vitest';
import { at, holdOf, numbers, Story, said } from '../../../test/ledger/story.ts';
import { nano } from '../money/amount.ts';

describe('a hold', () => {
  it('takes what there is, down to the least it can do with', () => {
    const story = new Story();
    story.grant({ amount: 10 });
    expect(story.hold('h', 15, '+1h', { least: 10 })).toMatchObject({ ok: true, amount: 10n, available: 0n });
    expect(story.hold('i', 15, '+1h', { least: 1 })).toMatchObject({ refusal: { why: 'insufficient', available: 0n } });
  });

  it('that does not fit says what is left and when it renews, and moves nothing', () => {
    const story = new Story();
    story.grant({ amount: 10 });
    story.grant({ from: '+5d' });
    const refusal = { why: 'insufficient', available: 10n, renewsAt: at('+5d') };
    expect(story.hold('h', 11, '+1h')).toMatchObject({ refusal });
    expect(numbers([story.read('+1h').available, story.read('+1h').held])).toEqual([10, 0]);
  });

  it('counts what other holds took: five of 1,000 fit on 5,000 and a sixth does not', () => {
    const story = new Story();
    story.grant({ amount: 5_000 });
    const outcomes = story.together(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => holdOf(id, 1_000)),
      '+1h',
    );
    expect(outcomes.map(said)).toEqual(['posted', 'posted', 'posted', 'posted', 'posted', 'insufficient']);
  });

  it('is answered as it was first answered, whatever became of it', () => {
    const story = new Story();
    story.grant();
    const first = story.hold('h', 40, '+1h');
    story.settle('h', 90, '+2h');
    expect(story.hold('h', 40, '+3h')).toEqual({ ...first, repeated: true });
  });

  it('refused and not sticky may be tried again; sticky it stays refused with its first answer', () => {
    const story = new Story();
    const loose = { ...holdOf('loose', 5), sticky: false };
    const first = [story.do(loose, 'T0'), story.hold('sticky', 5, 'T0')];
    expect(first.map(said)).toEqual(['insufficient', 'insufficient']);
    story.grant();
    expect(said(story.do(loose, '+1h'))).toBe('posted');
    expect(story.hold('sticky', 5, '+1h')).toEqual(first[1]);
    expect(said(story.settle('sticky', 5, '+1h'))).toBe('already');
  });
});

describe('a checkpoint', () => {
  const checkpoint = (known: bigint, leaseMs: number) =>
    ({ kind: 'checkpoint', id: 'h', known: nano(known), leaseMs }) as const;

  it('never lowers what is known, and begins the lease anew', () => {
    const story = new Story();
    story.grant();
    story.hold('h', 40, 'T0', { leaseMs: 1_000 });
    story.do(checkpoint(7n, 5_000), 'T0');
    story.do(checkpoint(3n, 5_000), '+1s');
    expect(said(story.do({ kind: 'expire', id: 'h' }, '+5s'))).toBe('already');
    expect(story.do({ kind: 'expire', id: 'h' }, '+6s')).toMatchObject({ ok: true, amount: 7n, available: 93n });
  });

  it('of a hold that has ended is refused', () => {
    const story = new Story();
    story.grant();
    expect(said(story.do(checkpoint(7n, 5_000), 'T0'))).toBe('unknown');
    story.hold('h', 40, 'T0');
    story.settle('h', 1, 'T0');
    expect(story.do(checkpoint(7n, 5_000), 'T0')).toMatchObject({
      refusal: { why: 'already', state: 'settled', amount: 1n },
    });
  });
});
