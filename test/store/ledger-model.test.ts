/** The ledger over a database is the ledger in memory: the same random lives get the same answers and the same balances. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUuid } from '../../src/core/ledger/admissible.ts';
import type { AccountId, LedgerOperation, LedgerOutcome, OverrunPolicy } from '../../src/core/ledger/operations.ts';
import { type Instant, instant } from '../../src/core/time/instant.ts';
import { IDS } from '../../src/store/ids.ts';
import { successorOf } from '../../src/store/ledger/batch.ts';
import { audit } from '../ledger/auditor.ts';
import { MemoryLedger } from '../ledger/memory-ledger.ts';
import { ACCOUNTS, emptyAccount, operationOf, policies, type Step, steps } from '../ledger/random-steps.ts';
import { allServers } from './fresh-database.ts';
import { type LedgerUnderTest, ledgerFor } from './ledger-on.ts';

const RUNS = 20;
const STEPS_MOST = 40;

/** The names that a random life has on a database, where ids are UUIDs and accounts are numbered. */
class Names {
  readonly #life = IDS.fresh();
  readonly #accounts: ReadonlyMap<AccountId, AccountId>;
  readonly #entries = new Map<string, string>();

  constructor(accounts: ReadonlyMap<AccountId, AccountId>) {
    this.#accounts = accounts;
  }

  /** Names that are ids already, because the life took them from its ledger, stay as they are. */
  id(name: string): string {
    return isUuid(name) ? name : IDS.derived(`${this.#life} ${name}`);
  }

  account(name: AccountId): AccountId {
    return this.#accounts.get(name) ?? name;
  }

  /** Each ledger names its entries itself. */
  storedEntry(operation: LedgerOperation): LedgerOperation {
    if (operation.kind !== 'reverse') return operation;
    return { ...operation, entry: this.#entries.get(operation.entry) ?? this.id(operation.entry) };
  }

  sameEntry(inMemory: LedgerOutcome, stored: LedgerOutcome): void {
    if (inMemory.ok && stored.ok && inMemory.entry && stored.entry) this.#entries.set(inMemory.entry, stored.entry);
  }

  operation(operation: LedgerOperation): LedgerOperation {
    const id = this.id(operation.id);
    switch (operation.kind) {
      case 'hold':
      case 'charge':
        return { ...operation, id, accounts: operation.accounts.map((each) => this.account(each)) };
      case 'fund':
        return { ...operation, id, account: this.account(operation.account), tranche: this.tranche(operation.tranche) };
      case 'grant': {
        const tranches = operation.tranches.map((each) => this.tranche(each));
        const [account, from] = [this.account(operation.account), this.account(operation.from)];
        return { ...operation, id, account, from, tranches };
      }
      case 'transfer': {
        const [from, to] = [this.account(operation.from), this.account(operation.to)];
        return { ...operation, id, from, to, tranche: this.tranche(operation.tranche) };
      }
      case 'forfeit':
        return { ...operation, id, account: this.account(operation.account) };
      default:
        return { ...operation, id };
    }
  }

  tranche<Terms extends { readonly id: string }>(terms: Terms): Terms {
    return { ...terms, id: this.id(terms.id) };
  }
}

/** An answer without the names that each ledger gives by itself. */
function shown(outcome: LedgerOutcome): unknown {
  if (outcome.ok) return { ...outcome, entry: outcome.entry !== undefined };
  const { refusal } = outcome;
  return refusal.why === 'unknown' ? { ...outcome, refusal: { ...refusal, id: undefined } } : outcome;
}

/** Lives a life on both and compares every answer, and the balances at every time. */
async function live(on: LedgerUnderTest, policy: OverrunPolicy, life: readonly Step[]): Promise<void> {
  const accounts = new Map<AccountId, AccountId>();
  for (const name of ACCOUNTS) {
    accounts.set(name, (await on.ledger.openAccounts({ kind: 'person', id: IDS.fresh() }, policy)).live);
  }
  const names = new Names(accounts);
  const memory = new MemoryLedger(
    [...accounts.values()].map((id) => emptyAccount(id, policy)),
    successorOf,
  );
  const start = (await on.balance(names.account('ann'))).asOf;
  let now: Instant = start;
  for (const [index, step] of life.entries()) {
    const operation = names.operation(operationOf(step, index, now, memory));
    const stored = await on.commit(names.storedEntry(operation));
    now = instant(Math.max(now, stored.at));
    const [inMemory] = memory.commit([operation], now);
    if (!inMemory) throw new Error('no outcome');
    expect(shown(stored), `step ${index}: ${operation.kind}`).toEqual(shown(inMemory));
    names.sameEntry(inMemory, stored);
  }
  expect(audit(memory, now)).toEqual([]);
  for (const name of ACCOUNTS) {
    for (const asOf of [start, instant((start + now) >> 1), now, instant(now + 20), instant(now + 1_000)]) {
      expect(await on.balance(names.account(name), asOf)).toEqual(memory.balance(names.account(name), asOf, now));
    }
  }
}

describe.each(allServers())('the ledger on $name', (server) => {
  const on = ledgerFor(server);

  it('answers random lives as the ledger in memory does, and has its balances at every time', async () => {
    await fc.assert(
      fc.asyncProperty(policies, steps(STEPS_MOST), async (policy, life) => await live(on(), policy, life)),
      // A life on a database cannot be lived again at the same instants, so shrinking would only mislead.
      { numRuns: RUNS, endOnFailure: true },
    );
    expect(await on().ledger.verify()).toMatchObject({ ok: true, findings: [] });
  });
});
