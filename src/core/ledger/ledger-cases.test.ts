// Long because all 32 cases stand in one table.
/**
 * The cases of the field's ledgers and credit engines, told as it is told there: T0 is 2024-01-01T00:00Z; a grant is 100
 * with priority 1, active from T0 for 30 days, and nothing of it rolls over, unless said; "use 50@+1h" is 50 used at
 * T0 + 1 hour. One unit is one nano-dollar, so that nothing hides in a rounding.
 */
import { expect, it } from 'vitest';
import { holdOf, numbers, SECOND, Story, said, settleOf, T0 } from '../../../test/ledger/story.ts';
import { nano, total } from '../money/amount.ts';
import { divide } from '../money/divide.ts';
import { occurrence, periodAt } from '../time/calendar.ts';
import { formatInstant, instant } from '../time/instant.ts';

interface Case {
  readonly n: number;
  readonly input: string;
  readonly run: () => unknown;
  readonly expected: unknown;
}

const cases: readonly Case[] = [
  {
    n: 1,
    input: 'no grant; use 50@+1h',
    run: () => {
      const story = new Story('repay');
      story.use(50, '+1h');
      return Number(story.read('+1h').overrun);
    },
    expected: 50,
  },
  {
    n: 2,
    input: 'one grant; use 50@+1h',
    run: () => {
      const story = new Story();
      story.grant();
      story.use(50, '+1h');
      return Number(story.read('+1h').available);
    },
    expected: 50,
  },
  {
    n: 3,
    input: 'grant effective +10d; use 50@+1h; read at +5d',
    run: () => {
      const story = new Story();
      story.grant({ from: '+10d' });
      story.use(50, '+1h');
      return Number(story.read('+5d').available);
    },
    expected: 0,
  },
  {
    n: 4,
    input: 'voided at +1h; use 50@+59m, 50@+61m',
    run: () => {
      const story = new Story('repay');
      story.grant({}, { id: 'g' });
      story.use(50, '+59m');
      story.do({ kind: 'forfeit', id: 'void', account: 'person', grantId: 'g', vestedToo: true }, '+1h');
      const segments = [story.read('+59m'), story.read('+60m')].map(({ available }) => Number(available));
      const again = { kind: 'forfeit', id: 'void', account: 'person', grantId: 'g', vestedToo: true } as const;
      expect(said(story.do(again, '+1h'))).toBe('as before');
      story.use(50, '+61m');
      const { available, overrun } = story.read('+61m');
      return { balance: Number(available), overage: Number(overrun), segments };
    },
    expected: { balance: 0, overage: 50, segments: [50, 0] },
  },
  {
    n: 5,
    input: 'run starts exactly at the expiry',
    run: () => {
      const story = new Story();
      story.grant();
      return [story.read('+30d'), story.read('+29d')].map(({ available }) => Number(available));
    },
    expected: [0, 100],
  },
  {
    n: 6,
    input: 'from -1d with balance 0; use 25@-1h, 25@+1h',
    run: () => {
      const story = new Story('repay');
      story.use(25, '-1h');
      story.grant();
      const [second] = story.ledger.entries.filter(({ cause }) => cause === 'repay');
      const repaid = second?.transfers.find(({ credit }) => credit === 'overrun');
      story.use(25, '+1h');
      return { repaid: Number(repaid?.amount), at: repaid?.at, left: Number(story.read('+1h').available) };
    },
    expected: { repaid: 25, at: T0, left: 50 },
  },
  {
    n: 7,
    input: 'two grants; use 200',
    run: () => {
      const story = new Story();
      story.grant();
      story.grant();
      story.use(200, '+1h');
      return story.left('+1h');
    },
    expected: [0, 0],
  },
  {
    n: 8,
    input: 'priorities 2 and 1, given in that order; use 120',
    run: () => {
      const story = new Story();
      story.grant({ priority: 2 });
      story.grant({ priority: 1 });
      story.use(120, '+1h');
      return story.left('+1h');
    },
    expected: [80, 0],
  },
  {
    n: 9,
    input: 'expiry 100 years and 30 days, same priority; use 120',
    run: () => {
      const story = new Story();
      story.grant({ until: '+36500d' });
      story.grant({ until: '+30d' });
      story.use(120, '+1h');
      return story.left('+1h');
    },
    expected: [80, 0],
  },
  {
    n: 10,
    input: 'daily recurrence from T0; use 120@+1h; until +1d1h',
    run: () => {
      const story = new Story('repay');
      for (const day of [0, 1, 2]) story.grant({ from: `+${day}d`, until: `+${day + 1}d` });
      story.use(120, '+1h');
      return Number(story.read('+1d1h').available);
    },
    expected: 80,
  },
  {
    n: 11,
    input: 'lives 2h; use 10@+1h, 10@+3h',
    run: () => {
      const story = new Story('repay');
      story.grant({ until: '+2h' });
      story.use(10, '+1h');
      story.use(10, '+3h');
      const { spent, available, overrun } = story.read('+3h');
      return { drawn: Number(spent), balance: Number(available), overage: Number(overrun) };
    },
    expected: { drawn: 10, balance: 0, overage: 10 },
  },
  {
    n: 12,
    input: 'rollover max 50; use 10@+1h; reset +5h',
    run: () => {
      const story = new Story();
      story.grant({ until: '+5h', rollover: { most: 50 } });
      story.use(10, '+1h');
      return Number(story.read('+5h').available);
    },
    expected: 50,
  },
  {
    n: 13,
    input: '1000 p1 max 1000 and 1000 p3 max 100; use 600; reset',
    run: () => {
      const story = new Story();
      story.grant({ amount: 1_000, until: '+5h', rollover: { most: 1_000 } });
      story.grant({ amount: 1_000, priority: 3, until: '+5h', rollover: { most: 100 } });
      story.use(600, '+1h');
      return story.left('+5h');
    },
    expected: [0, 0, 400, 100],
  },
  {
    n: 14,
    input: '1000, max 1000, expires exactly at the reset',
    run: () => {
      const story = new Story();
      story.grant({ amount: 1_000, until: '+5h', rollover: { most: 1_000, until: '+5h' } });
      return Number(story.read('+5h').available);
    },
    expected: 0,
  },
  {
    n: 15,
    input: 'grants 1000 now and 1000 later; use 100 before the read and 100 after',
    run: () => {
      const story = new Story();
      story.grant({ amount: 1_000 });
      story.grant({ amount: 1_000, from: '+2d' });
      story.use(100, '+1h');
      story.use(100, '+3h');
      const { spent, available } = story.read('+2h');
      return { usage: Number(spent), balance: Number(available) };
    },
    expected: { usage: 100, balance: 900 },
  },
  {
    n: 16,
    input: 'monthly from 2025-01-31T15:00Z, at 2025-08-13',
    run: () => {
      const anchor = instant(Date.UTC(2025, 0, 31, 15));
      const period = periodAt(anchor, { unit: 'month', count: 1 }, 'UTC', instant(Date.UTC(2025, 7, 13)));
      return [formatInstant(period.from), formatInstant(period.to)];
    },
    expected: ['2025-07-31T15:00:00.000Z', '2025-08-31T15:00:00.000Z'],
  },
  {
    n: 17,
    input: 'yearly from 29 Feb 2020',
    run: () => occurrence('2020-02-29', { unit: 'year', count: 1 }, 2),
    expected: '2022-02-28',
  },
  {
    n: 18,
    input: 'hold 15 of 15; settle 13; settle again',
    run: () => {
      const story = new Story();
      story.grant({ amount: 15 });
      story.hold('h', 15, '+1h');
      story.settle('h', 13, '+2h');
      const free = Number(story.read('+2h').available);
      const booked = story.ledger.entries.length;
      const again = [story.settle('h', 13, '+3h'), story.settle('h', 14, '+3h')].map(said);
      return { free, again, moved: story.ledger.entries.length - booked };
    },
    expected: { free: 2, again: ['as before', 'already'], moved: 0 },
  },
  {
    n: 19,
    input: 'holds 10 (no lease), 11 (1 s), 12 (2 s), 13 (3 s), swept every second',
    run: () => {
      const story = new Story();
      story.grant();
      story.hold('h0', 10, 'T0');
      for (const [id, amount, seconds] of [
        ['h1', 11, 1],
        ['h2', 12, 2],
        ['h3', 13, 3],
      ] as const) {
        story.hold(id, amount, 'T0', { leaseMs: seconds * SECOND });
      }
      return ['T0', '+1s', '+2s', '+3s'].map((when) => {
        for (const id of ['h0', 'h1', 'h2', 'h3']) story.do({ kind: 'expire', id }, when);
        return Number(story.read(when).held);
      });
    },
    expected: [46, 35, 23, 10],
  },
  {
    n: 20,
    input: 'credit 20, limit 0; atomic group [15, invalid]; then 15 alone',
    run: () => {
      const story = new Story();
      story.grant({ amount: 20, id: 'credit' }, { account: 'pool' });
      const group = [story.terms({ amount: 15, id: 'part' }), story.terms({ amount: 1, id: 'credit' })];
      const operation = { kind: 'grant', id: 'group', account: 'person', grantId: 'g', from: 'pool' } as const;
      const refused = said(story.do({ ...operation, tranches: group }, '+1h'));
      const nothing = Number(story.read('+1h').granted);
      const posted = said(story.do({ ...operation, tranches: group.slice(0, 1) }, '+1h'));
      return { refused, nothing, posted, left: story.left('+1h')[0] };
    },
    expected: { refused: 'id_reused', nothing: 0, posted: 'posted', left: 5 },
  },
  {
    n: 21,
    input: 'sources 40, 40, 19; exactly 100 wanted',
    run: () => {
      const story = new Story();
      for (const amount of [40, 40, 19]) story.grant({ amount });
      const refused = said(story.hold('h', 100, '+1h'));
      return { refused, left: story.left('+1h'), most: Number(story.read('+1h').available) };
    },
    expected: { refused: 'insufficient', left: [40, 40, 19], most: 99 },
  },
  {
    n: 22,
    input: 'id refused for lack of funds; same id again after a top-up',
    run: () => {
      const story = new Story();
      const first = said(story.hold('h', 50, 'T0'));
      story.grant();
      return [first, said(story.hold('h', 50, '+1h')), said(story.hold('another', 50, '+1h'))];
    },
    expected: ['insufficient', 'insufficient', 'posted'],
  },
  {
    n: 23,
    input: 'tranches 5 (burns first) + 10; hold 8; settle 5',
    run: () => {
      const story = new Story();
      story.grant({ amount: 5, priority: 1 });
      story.grant({ amount: 10, priority: 2 });
      story.hold('h', 8, '+1h');
      story.settle('h', 5, '+2h');
      return story.left('+2h');
    },
    expected: [0, 10],
  },
  {
    n: 24,
    input: '15; hold 8; settle 11',
    run: () => {
      const story = new Story();
      story.grant({ amount: 15 });
      story.hold('h', 8, '+1h');
      story.settle('h', 11, '+2h');
      return Number(story.read('+2h').available);
    },
    expected: 4,
  },
  {
    n: 25,
    input: '15; hold 8 released; hold 8, settled 4, then its lease fires',
    run: () => {
      const story = new Story();
      story.grant({ amount: 15 });
      story.hold('a', 8, '+1h', { leaseMs: SECOND });
      story.do({ kind: 'void', id: 'a' }, '+1h');
      const released = Number(story.read('+1h').available);
      story.hold('b', 8, '+2h', { leaseMs: SECOND });
      story.settle('b', 4, '+2h');
      const fired = said(story.do({ kind: 'expire', id: 'b' }, '+3h'));
      return { released, fired, left: Number(story.read('+3h').available) };
    },
    expected: { released: 15, fired: 'already', left: 11 },
  },
  {
    n: 26,
    input: 'hold 8, two settles of 4 at once',
    run: () => {
      const story = new Story();
      story.grant({ amount: 15 });
      story.hold('h', 8, '+1h');
      const outcomes = story.together([settleOf('h', 4), settleOf('h', 4)], '+2h').map(said);
      return { outcomes, left: Number(story.read('+2h').available) };
    },
    expected: { outcomes: ['posted', 'as before'], left: 11 },
  },
  {
    n: 27,
    input: 'hold 8 of 15, lease expires, then settle 4',
    run: () => {
      const story = new Story();
      story.grant({ amount: 15 });
      story.hold('h', 8, '+1h', { leaseMs: SECOND });
      story.do({ kind: 'expire', id: 'h' }, '+2h');
      const swept = Number(story.read('+2h').available);
      story.settle('h', 4, '+3h');
      return { swept, left: Number(story.read('+3h').available) };
    },
    expected: { swept: 15, left: 11 },
  },
  {
    n: 28,
    input: 'balance 5; five concurrent uses of 3, overdraft to -4 allowed',
    run: () => {
      const story = new Story('absorb', -4);
      story.grant({ amount: 5 });
      const ids = ['a', 'b', 'c', 'd', 'e'];
      const held = story
        .together(
          ids.map((id) => holdOf(id, 3)),
          '+1h',
        )
        .filter(({ ok }) => ok).length;
      story.together(
        ids.map((id) => settleOf(id, 3)),
        '+2h',
      );
      return { held, below: Number(story.read('+2h').overrun), sixth: said(story.hold('f', 1, '+3h')) };
    },
    expected: { held: 3, below: 4, sixth: 'insufficient' },
  },
  {
    n: 29,
    input: '30 then 50 granted; 60 used',
    run: () => {
      const story = new Story();
      story.grant({ amount: 30 }, { id: 'first' });
      story.grant({ amount: 50 }, { id: 'second' });
      const used = story.use(60, '+1h');
      const slices = used.ok ? used.slices : [];
      const links = slices.map(({ tranche, amount }) => `${story.ledger.tranches.get(tranche)?.grantId}: ${amount}`);
      return { left: story.left('+1h'), links };
    },
    expected: { left: [0, 20], links: ['first: 30', 'second: 30'] },
  },
  {
    n: 30,
    input: 'void 50 of 30',
    run: () => {
      const story = new Story();
      story.grant();
      const used = story.use(30, '+1h');
      const entry = used.ok ? (used.entry ?? '') : '';
      const booked = story.ledger.entries.length;
      const refused = said(story.do({ kind: 'reverse', id: 'r', entry, amount: nano(50n) }, '+2h'));
      return { refused, written: story.ledger.entries.length - booked };
    },
    expected: { refused: 'beyond', written: 0 },
  },
  {
    n: 31,
    input: '100; charge 7 times 100/7',
    run: () => {
      const story = new Story();
      story.grant();
      const parts = divide(nano(100n), [1n, 1n, 1n, 1n, 1n, 1n, 1n]);
      for (const part of parts) story.use(Number(part), '+1h');
      const { available, overrun } = story.read('+1h');
      return { parts: numbers(parts), sum: Number(total(parts)), left: numbers([available, overrun]) };
    },
    expected: { parts: [15, 15, 14, 14, 14, 14, 14], sum: 100, left: [0, 0] },
  },
  {
    n: 32,
    input: '2,000 tries of 1 by 50 clients on 100',
    run: () => {
      const story = new Story();
      story.grant();
      let taken = 0;
      for (let round = 0; round < 40; round += 1) {
        const tries = Array.from({ length: 50 }, (_, client) => holdOf(`${round}/${client}`, 1));
        taken += story.together(tries, '+1h').filter(({ ok }) => ok).length;
      }
      return taken;
    },
    expected: 100,
  },
];

it.each(cases)('case $n: $input', ({ run, expected }) => {
  expect(run()).toEqual(expected);
});

it('every case is told once', () => {
  expect(cases.map(({ n }) => n)).toEqual(Array.from({ length: 32 }, (_, index) => index + 1));
});
