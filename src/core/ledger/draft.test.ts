import { describe, expect, it } from 'vitest';
import { nano, ZERO } from '../money/amount.ts';
import { instant } from '../time/instant.ts';
import { LedgerDraft } from './draft.ts';
import type { Account, Tranche } from './state.ts';

const account: Account = {
  id: 'a',
  book: 'live',
  overrunPolicy: 'absorb',
  floor: nano(-10n),
  owed: nano(3n),
  overdraftHeld: nano(2n),
};
const tranche: Tranche = {
  id: 't',
  account: 'a',
  priority: 1,
  effectiveAt: instant(0),
  expiresAt: instant(100),
  createdAt: instant(0),
  stage: 'open',
  posted: nano(50n),
  held: nano(5n),
  version: 7,
};
const open = (): LedgerDraft => {
  let entries = 0;
  const entryId = (): string => {
    entries += 1;
    return `e${entries}`;
  };
  const state = { accounts: [account], tranches: [tranche], holds: [], answered: [], charges: new Map() };
  return new LedgerDraft(state, { now: instant(10), entryId, successorOf: (id) => id });
};

describe('a draft', () => {
  it('writes only what changed, and leaves what it was given alone', () => {
    expect(open().writes()).toEqual({
      accounts: [],
      tranches: { fresh: [], changed: [] },
      holds: { fresh: [], changed: [] },
      entries: [],
      answered: [],
    });
    const draft = open();
    draft.changeHeld('t', nano(4n));
    expect(draft.writes().tranches.changed).toEqual([{ ...tranche, held: 9n }]);
    expect(tranche.held).toBe(5n);
  });

  it('moves money, its version, its journal and its booked-ahead expiry together', () => {
    const draft = open();
    draft.moveOut(draft.begin('settle', 'live', 'h'), 't', 'charges/x/m', nano(20n));
    const { entries, tranches } = draft.writes();
    expect(tranches.changed).toEqual([{ ...tranche, posted: 30n, version: 8 }]);
    expect(entries[0]?.transfers).toEqual([
      {
        account: 'a',
        debit: 'tranche',
        credit: 'charges/x/m',
        amount: 20n,
        at: 10,
        tranche: 't',
        version: 8,
        balanceAfter: 30n,
      },
      { account: 'a', debit: 'breakage', credit: 'tranche', amount: 20n, at: 100, tranche: 't' },
    ]);
  });

  it('keeps no entry in which nothing moved', () => {
    const draft = open();
    const entry = draft.begin('settle', 'live', 'h');
    draft.moveOut(entry, 't', 'charges/x/m', ZERO);
    draft.move(entry, 'a', 'overrun', 'charges/x/m', ZERO);
    expect(draft.writes().entries).toEqual([]);
  });

  it('a row that is new and then changed is written once, as new', () => {
    const draft = open();
    draft.addTranche({ id: 'n', account: 'a', priority: 0, effectiveAt: instant(10), createdAt: instant(10) });
    draft.moveIn(draft.begin('fund', 'live', 'f'), 'n', 'company', nano(9n));
    const { fresh, changed } = draft.writes().tranches;
    expect([fresh.map(({ id, posted }) => [id, posted]), changed]).toEqual([[['n', 9n]], []]);
    expect(draft.tranchesOf('a').map(({ id }) => id)).toEqual(['n', 't']);
  });

  it('an overdraft is what the floor allows, less what is owed and held of it', () => {
    expect([open().overdraftLeft('a'), open().overdraftLeft('nobody')]).toEqual([5n, 0n]);
  });
});
