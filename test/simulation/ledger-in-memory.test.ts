/** The rules of the ledger against the model, over random lives in memory. A failure prints its seed and shrinks. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OverrunPolicy } from '../../src/core/ledger/operations.ts';
import { nano } from '../../src/core/money/amount.ts';
import { instant } from '../../src/core/time/instant.ts';
import { audit } from '../ledger/auditor.ts';
import { MemoryLedger } from '../ledger/memory-ledger.ts';
import { type Life, live, lives, type Subject } from './ledger-life.ts';

/** `LEDGER_LIVES=20000` for a night. */
const LIVES = Number(process.env['LEDGER_LIVES'] ?? 400);
const START = instant(1_000_000);

function inMemory(overrun: OverrunPolicy, floor: bigint): { subject: Subject; audited: () => string[] } {
  const accounts = ['1', '2', '3'];
  const rules = { book: 'live', overrunPolicy: overrun, floor: nano(floor), owed: nano(0n) } as const;
  const ledger = new MemoryLedger(accounts.map((id) => ({ ...rules, id, overdraftHeld: nano(0n) })));
  let now = START;
  const subject: Subject = {
    name: 'a life in memory',
    accounts,
    policy: { overrun, floor, successorOf: (tranche) => `after ${tranche}` },
    start: START,
    commit: async (operations) => ledger.commit(operations, now),
    pass: async (ticks) => {
      now = instant(now + ticks);
    },
    balance: async (account, asOf = now) => ledger.balance(account, asOf, now),
  };
  return { subject, audited: () => audit(ledger, now) };
}

it('answers every operation as the model does, and has its balances at every time', { timeout: 0 }, async () => {
  const policies = fc.constantFrom<OverrunPolicy>('absorb', 'repay');
  await fc.assert(
    fc.asyncProperty(policies, fc.constantFrom(0n, -10n), lives(40), async (overrun, floor, life: Life) => {
      const { subject, audited } = inMemory(overrun, floor);
      await live(subject, life, 1);
      expect(audited()).toEqual([]);
    }),
    { numRuns: LIVES },
  );
});
