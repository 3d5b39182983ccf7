/** A ledger on a database of its own, with words short enough to tell a case in. Amounts are in nano-dollars. */
import { afterAll, beforeAll } from 'vitest';
import type { Balance, LedgerOperation, LedgerOutcome } from '../../src/core/ledger/operations.ts';
import { type Amount, nano } from '../../src/core/money/amount.ts';
import { type Instant, instant } from '../../src/core/time/instant.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { IDS } from '../../src/store/ids.ts';
import type { LanesOptions } from '../../src/store/ledger/lanes.ts';
import { type OpenLedger, openLedger } from '../../src/store/ledger/ledger.ts';
import { type FreshDatabase, freshDatabase } from './fresh-database.ts';
import type { TestServer } from './servers.ts';

export const CALL = { requestId: 'r', principalId: 'p', provider: 'sandbox', model: 'm' } as const;

export class LedgerUnderTest {
  readonly fresh: FreshDatabase;
  readonly database: Database;
  readonly ledger: OpenLedger;

  private constructor(fresh: FreshDatabase) {
    this.fresh = fresh;
    this.database = openDatabase({ connection: fresh.connection });
    this.ledger = openLedger(this.database.pool);
  }

  static async on(server: TestServer): Promise<LedgerUnderTest> {
    return new LedgerUnderTest(await freshDatabase(server));
  }

  async close(): Promise<void> {
    await this.ledger.close();
    await this.database.close();
    await this.fresh.drop();
  }

  /** Another process's ledger on the same database; ends with `close` of both. */
  replica(options: Partial<LanesOptions> = {}): { readonly ledger: OpenLedger; close(): Promise<void> } {
    const database = openDatabase({ connection: this.fresh.connection });
    const ledger = openLedger(database.pool, options);
    return {
      ledger,
      close: async () => {
        await ledger.close();
        await database.close();
      },
    };
  }

  async openAccount(floor = 0): Promise<string> {
    const { live } = await this.ledger.openAccounts({ kind: 'person', id: IDS.fresh() }, 'absorb', amountOf(floor));
    return live;
  }

  /** An account with one tranche for each amount, the first burning first, none expiring. */
  async account(...amounts: number[]): Promise<string> {
    const account = await this.openAccount();
    for (const [priority, amount] of amounts.entries()) await this.ledger.commit(fundOf(account, amount, { priority }));
    return account;
  }

  async balance(account: string, asOf?: Instant): Promise<Balance> {
    return await this.ledger.balance(account, asOf);
  }

  async available(account: string): Promise<number> {
    return Number((await this.balance(account)).available);
  }

  async commit(operation: LedgerOperation): Promise<LedgerOutcome> {
    return await this.ledger.commit(operation);
  }

  /** What each tranche of an account has posted, the first burning first. */
  async posted(account: string): Promise<number[]> {
    const { rows } = await this.database.pool.query<{ posted: bigint }>(
      'SELECT posted FROM tranche WHERE account_id = $1 ORDER BY priority',
      [account],
    );
    return rows.map(({ posted }) => Number(posted));
  }
}

/** Opens a ledger for the tests of a `describe`, and closes it after them. */
export function ledgerFor(server: TestServer): () => LedgerUnderTest {
  let opened: LedgerUnderTest | undefined;
  beforeAll(async () => {
    opened = await LedgerUnderTest.on(server);
  });
  afterAll(async () => await opened?.close());
  return () => {
    if (!opened) throw new Error('the ledger is opened before the first test');
    return opened;
  };
}

export function amountOf(value: number): Amount {
  return nano(BigInt(value));
}

interface Terms {
  readonly priority?: number;
  readonly from?: Instant;
  readonly until?: Instant;
}

export function trancheOf(amount: number, { priority = 1, from = instant(0), until }: Terms = {}) {
  const expires = until === undefined ? {} : { expiresAt: until };
  return { id: IDS.fresh(), amount: amountOf(amount), priority, effectiveAt: from, ...expires };
}

export function fundOf(account: string, amount: number, terms: Terms = {}) {
  const tranche = trancheOf(amount, terms);
  return { kind: 'fund', id: IDS.fresh(), account, tranche } satisfies LedgerOperation;
}

interface HoldTerms {
  readonly id?: string;
  readonly least?: number;
  readonly leaseMs?: number;
  readonly known?: number;
}

export function holdOf(account: string | readonly string[], amount: number, terms: HoldTerms = {}) {
  const { id = IDS.fresh(), least = amount, leaseMs, known = 0 } = terms;
  return {
    kind: 'hold',
    id,
    accounts: typeof account === 'string' ? [account] : account,
    amount: amountOf(amount),
    least: amountOf(least),
    known: amountOf(known),
    ...(leaseMs === undefined ? {} : { leaseMs }),
    sticky: true,
    call: CALL,
  } satisfies LedgerOperation;
}

export function settleOf(id: string, amount: number) {
  return { kind: 'settle', id, amount: amountOf(amount), charge: { outcome: 'completed' } } satisfies LedgerOperation;
}

/** `posted`, or the reason why not; `as before` for a first answer given again. */
export function said(outcome: LedgerOutcome): string {
  if (!outcome.ok) return outcome.refusal.why;
  return outcome.repeated ? 'as before' : 'posted';
}
