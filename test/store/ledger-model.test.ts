/** The ledger over a database against the model: random lives get the same answers and the same balances at every time. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerOutcome, OverrunPolicy } from '../../src/core/ledger/operations.ts';
import { IDS } from '../../src/store/ids.ts';
import { successorOf } from '../../src/store/ledger/batch.ts';
import { auditJournal } from '../simulation/journal-auditor.ts';
import { live, lives, type Subject } from '../simulation/ledger-life.ts';
import { allServers } from './fresh-database.ts';
import { amountOf, holdOf, type LedgerUnderTest, ledgerFor, said, settleOf } from './ledger-on.ts';

/** `LEDGER_LIVES=20000` for a night; a life on a database takes fifty times one in memory. */
const LIVES = Math.ceil(Number(process.env['LEDGER_LIVES'] ?? 400) / 50);
/** Milliseconds that a unit of a life's times is: about what a commit takes, so that boundaries fall between and upon them. */
const TICK = 4;

async function onDatabase(on: LedgerUnderTest, overrun: OverrunPolicy, floor: number) {
  // One lane: what is committed together is one batch, in its order.
  const { ledger, close } = on.replica({ lanes: 1 });
  const accounts: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    const owner = { kind: 'person', id: IDS.fresh() } as const;
    accounts.push((await ledger.openAccounts(owner, overrun, amountOf(floor))).live);
  }
  const subject: Subject = {
    name: IDS.fresh(),
    accounts,
    policy: { overrun, floor: BigInt(floor), successorOf },
    start: (await ledger.balance(accounts[0] ?? '')).asOf,
    commit: (operations) => Promise.all(operations.map((operation) => ledger.commit(operation))),
    pass: async (ms) => {
      if (ms > 0) await on.database.pool.query('SELECT pg_sleep($1)', [ms / 1_000]);
    },
    balance: (account, asOf) => ledger.balance(account, asOf),
  };
  return { subject, close };
}

describe.each(allServers())('the ledger on $name', (server) => {
  const on = ledgerFor(server);

  it('answers every operation as the model does, and has its balances at every time', { timeout: 0 }, async () => {
    const policies = fc.constantFrom<OverrunPolicy>('absorb', 'repay');
    await fc.assert(
      fc.asyncProperty(policies, fc.constantFrom(0, -10), lives(25), async (overrun, floor, life) => {
        const { subject, close } = await onDatabase(on(), overrun, floor);
        await live(subject, life, TICK).finally(close);
      }),
      // A life on a database cannot be lived again at the same instants, so shrinking would only mislead.
      { numRuns: LIVES, endOnFailure: true },
    );
    expect(await on().ledger.verify()).toMatchObject({ ok: true, findings: [] });
    expect(await auditJournal(on().database.pool, on().ledger)).toEqual([]);
  });

  it('gives back what an entry charged, and nothing for an entry that gave back', async () => {
    const account = await on().account(10);
    const hold = holdOf(account, 5);
    await on().commit(hold);
    const giveBack = (outcome: LedgerOutcome): Promise<LedgerOutcome> => {
      const entry = (outcome.ok && outcome.entry) || IDS.fresh();
      return on().commit({ kind: 'reverse', id: IDS.fresh(), entry, amount: amountOf(2) });
    };
    const undone = await giveBack(await on().commit(settleOf(hold.id, 5)));
    expect([said(undone), said(await giveBack(undone)), await on().available(account)]).toEqual([
      'posted',
      'unknown',
      7,
    ]);
  });
});
