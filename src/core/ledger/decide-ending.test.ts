import { describe, expect, it } from 'vitest';
import { holdOf, numbers, Story, said, settleOf } from '../../../test/ledger/story.ts';
import { nano } from '../money/amount.ts';
import { NO_USAGE } from '../pricing/usage.ts';
import type { LedgerOutcome } from './operations.ts';

/** A hold of 40 that has certainly used 10, with a lease of a second, swept after it. */
function swept(): Story {
  const story = new Story();
  story.grant();
  story.do({ ...holdOf('h', 40, { leaseMs: 1_000 }), known: nano(10n) }, 'T0');
  expect(said(story.do({ kind: 'expire', id: 'h' }, '+1s'))).toBe('posted');
  return story;
}

describe('a hold ends once:', () => {
  it.each([
    ['settled then voided', [settleOf('h', 5), { kind: 'void', id: 'h' }], ['posted', 'already'], 95],
    ['voided then settled', [{ kind: 'void', id: 'h' }, settleOf('h', 5)], ['posted', 'already'], 100],
    [
      'voided twice',
      [
        { kind: 'void', id: 'h' },
        { kind: 'void', id: 'h' },
      ],
      ['posted', 'as before'],
      100,
    ],
    ['settled with 0', [settleOf('h', 0), settleOf('h', 0)], ['posted', 'as before'], 100],
  ] as const)('%s', (_, operations, outcomes, left) => {
    const story = new Story();
    story.grant();
    story.hold('h', 40, 'T0');
    expect(operations.map((operation) => said(story.do(operation, '+1h')))).toEqual(outcomes);
    expect(numbers([story.read('+1h').available, story.read('+1h').held])).toEqual([left, 0]);
  });

  it('one that nobody took cannot be ended', () => {
    const story = new Story();
    const outcomes = [settleOf('x', 1), { kind: 'void', id: 'x' } as const, { kind: 'expire', id: 'x' } as const];
    expect(outcomes.map((operation) => said(story.do(operation, 'T0')))).toEqual(['unknown', 'unknown', 'unknown']);
  });
});

describe('a settle above its hold', () => {
  it('takes more of what is there and the rest is overrun, not in spent', () => {
    const story = new Story();
    story.grant({ amount: 50 });
    story.hold('h', 40, 'T0');
    expect(story.settle('h', 65, '+1h')).toMatchObject({ amount: 65n, overrun: 15n, available: 0n });
    expect(numbers([story.read('+1h').spent, story.read('+1h').overrun])).toEqual([50, 15]);
  });

  it('does not touch what other calls hold', () => {
    const story = new Story();
    story.grant({ amount: 50 });
    story.hold('other', 30, 'T0');
    story.hold('h', 20, 'T0');
    expect(story.settle('h', 25, '+1h')).toMatchObject({ overrun: 5n });
    expect(story.settle('other', 30, '+1h')).toMatchObject({ overrun: 0n });
  });
});

describe('the sweeper', () => {
  it('charges what is known and frees the rest', () => {
    const story = swept();
    expect(numbers([story.read('+1s').available, story.read('+1s').spent])).toEqual([90, 10]);
    expect(story.ledger.holds.get('h')?.charge?.outcome).toBe('estimated');
  });

  it('is never early, and leaves alone what has no lease', () => {
    const story = new Story();
    story.grant();
    story.hold('leased', 5, 'T0', { leaseMs: 2_000 });
    story.hold('unleased', 5, 'T0');
    expect(said(story.do({ kind: 'expire', id: 'leased' }, '+1s'))).toBe('already');
    expect(said(story.do({ kind: 'expire', id: 'leased' }, '+2s'))).toBe('posted');
    expect(said(story.do({ kind: 'expire', id: 'unleased' }, '+3650d'))).toBe('already');
  });
});

describe('a settle after the sweeper', () => {
  it('above what it charged books the difference, and the shortfall as overrun: it is never free', () => {
    const story = swept();
    story.use(85, '+2s');
    expect(story.settle('h', 30, '+3s')).toMatchObject({ amount: 30n, overrun: 15n, available: 0n });
    expect(said(story.settle('h', 30, '+4s'))).toBe('as before');
  });

  it('below it gives the difference back', () => {
    const story = swept();
    expect(story.settle('h', 4, '+2s')).toMatchObject({ amount: 4n, available: 96n });
    expect(story.ledger.entries.at(-1)?.cause).toBe('late_settle');
  });

  it('counts with what the company bore of the estimate', () => {
    const overdrawn = (): Story => {
      const story = new Story();
      story.grant({ amount: 40 });
      story.do({ ...holdOf('h', 40, { leaseMs: 1_000 }), known: nano(50n) }, 'T0');
      expect(story.do({ kind: 'expire', id: 'h' }, '+1s')).toMatchObject({ overrun: 10n });
      return story;
    };
    expect(overdrawn().settle('h', 47, '+2s')).toMatchObject({ overrun: 7n, available: 0n });
    expect(overdrawn().settle('h', 53, '+2s')).toMatchObject({ overrun: 13n, available: 0n });
    expect(overdrawn().settle('h', 31, '+2s')).toMatchObject({ overrun: 0n, available: 9n });
  });

  it.each([
    { reversed: 10n, actual: 4, left: [96] },
    { reversed: 6n, actual: 4, left: [96] },
    { reversed: 3n, actual: 2, left: [98] },
    { reversed: 3n, actual: 25, left: [75] },
  ])('of $actual after $reversed of the estimated 10 were given back costs $actual', ({ reversed, actual, left }) => {
    const story = swept();
    const entry = story.ledger.holds.get('h')?.entry ?? '';
    story.do({ kind: 'reverse', id: 'r', entry, amount: nano(reversed) }, '+2s');
    expect(story.settle('h', actual, '+3s')).toMatchObject({ amount: BigInt(actual) });
    expect(story.left('+3s')).toEqual(left);
    expect(story.ledger.holds.get('h')).toMatchObject({ charged: BigInt(actual), reversed: 0n });
  });

  it('that is itself reversed goes back to where it was taken, not to where the estimate was', () => {
    const story = new Story();
    story.grant({ amount: 10, until: '+1h' });
    story.do({ ...holdOf('h', 10, { leaseMs: 1_000 }), known: nano(10n) }, 'T0');
    story.do({ kind: 'expire', id: 'h' }, '+1s');
    const reverse = (id: string, amount: bigint, when: string): LedgerOutcome =>
      story.do({ kind: 'reverse', id, entry: story.ledger.holds.get('h')?.entry ?? '', amount: nano(amount) }, when);
    reverse('r1', 6n, '+2s');
    story.grant({ amount: 100, from: '+2h', booked: '+2h' });
    story.settle('h', 14, '+3h');
    expect(reverse('r2', 10n, '+4h')).toMatchObject({ slices: [{ amount: 10n }], available: 100n });
  });
});

describe('a charge after the fact', () => {
  it('is posted once for its id, and refused for another body', () => {
    const story = new Story();
    story.grant();
    const { kind: _, least, known, sticky, ...rest } = holdOf('c', 30);
    expect([least, known, sticky]).toEqual([30n, 0n, true]);
    const charge = { ...rest, kind: 'charge', charge: { outcome: 'unenforced' } } as const;
    expect(said(story.do(charge, 'T0'))).toBe('posted');
    expect(said(story.do(charge, '+1h'))).toBe('as before');
    expect(story.do({ ...charge, amount: nano(31n) }, '+1h')).toMatchObject({ refusal: { differs: ['charged'] } });
    const otherUsage = { ...charge, charge: { outcome: 'unenforced', usage: { ...NO_USAGE, input: 1 } } } as const;
    expect(story.do(otherUsage, '+1h')).toMatchObject({ refusal: { differs: ['charge'] } });
    expect(Number(story.read('+1h').available)).toBe(70);
  });
});
