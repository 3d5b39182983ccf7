import { describe, expect, it } from 'vitest';
import { at, numbers, Story } from '../../../test/ledger/story.ts';
import { nano } from '../money/amount.ts';

describe('a boundary', () => {
  it('is booked at the first touch after it, dated at itself, and once', () => {
    const story = new Story();
    story.grant({ until: '+5h', rollover: { most: 50 } });
    story.ledger.commit([], at('+9h'));
    story.ledger.commit([], at('+10h'));
    const rollovers = story.ledger.entries.filter(({ cause }) => cause === 'rollover');
    expect(rollovers.map((entry) => [entry.at, entry.transfers[0]?.at])).toEqual([[at('+9h'), at('+5h')]]);
    expect(numbers([story.read('+4h').available, story.read('+5h').available])).toEqual([100, 50]);
  });

  it('rolls over what is neither spent nor held, and a hold of before is still charged to what expired', () => {
    const story = new Story();
    story.grant({ until: '+5h', rollover: { most: 100 } });
    story.hold('h', 30, '+4h');
    expect(numbers([story.read('+6h').available, story.read('+6h').held, story.read('+6h').expired])).toEqual([
      70, 30, 0,
    ]);
    story.settle('h', 10, '+6h');
    const { available, spent, expired } = story.read('+6h');
    expect(numbers([available, spent, expired])).toEqual([70, 10, 20]);
  });

  it('refills from the company what the rollover promises beyond what was left', () => {
    const story = new Story();
    story.grant({ until: '+5h', rollover: { most: 80, least: 80 } });
    story.use(70, '+1h');
    const { granted, available, expired } = story.read('+5h');
    expect(numbers([granted, available, expired])).toEqual([150, 80, 0]);
  });

  it('that had passed when its tranche was booked is dated at the booking: no balance of before changes', () => {
    const story = new Story();
    story.grant({ until: '+1h', booked: '+5h', rollover: { most: 50 } });
    const figures = ['+1h', '+4h', '+5h'].map((when) =>
      numbers([story.read(when).granted, story.read(when).available]),
    );
    expect(figures).toEqual([
      [0, 0],
      [0, 0],
      [100, 50],
    ]);
  });

  it('several between two touches are booked in the order of time, each with what the one before left', () => {
    const story = new Story('repay');
    story.use(30, '-1h');
    story.grant({ amount: 20, until: '+2h', from: '+1h', rollover: { most: 100 } });
    story.grant({ amount: 25, until: '+4h', from: '+3h', rollover: { most: 100 } });
    const repaid = [story.read('T0'), story.read('+1h'), story.read('+3h'), story.read('+5h')];
    expect(repaid.map(({ overrun, available }) => numbers([overrun, available]))).toEqual([
      [30, 0],
      [10, 0],
      [0, 15],
      [0, 15],
    ]);
  });
});

describe('what is owed', () => {
  it('is paid by nobody under absorb', () => {
    const story = new Story('absorb');
    story.use(25, '-1h');
    story.grant();
    expect(numbers([story.read('T0').available, story.read('T0').overrun])).toEqual([100, 25]);
  });

  it('burns after the rollover when both fall on one instant', () => {
    const story = new Story('repay');
    story.grant({ amount: 10, until: '+5h', rollover: { most: 10 } });
    story.hold('h', 10, '+1h');
    story.use(4, '+1h');
    story.do({ kind: 'void', id: 'h' }, '+2h');
    expect(numbers([story.read('+5h').available, story.read('+5h').overrun])).toEqual([6, 0]);
  });

  it('is given back by the next tranche when more was given back than was owed', () => {
    const story = new Story('repay');
    const used = story.use(25, '-1h');
    story.grant();
    story.do({ kind: 'reverse', id: 'r', entry: (used.ok && used.entry) || '', amount: nano(25n) }, '+1h');
    story.grant({ amount: 1, booked: '+2h', from: '+2h' });
    expect(numbers([story.read('+2h').available, story.read('+2h').overrun])).toEqual([101, 0]);
  });
});
