/** The ledger over PostgreSQL: decisions in batches on connections of its own, reads on the pool. */
import pg from 'pg';
import type { AccountOwner, HoldRecord, Ledger, UsageRecords } from '../../app/ports.ts';
import { refused } from '../../core/errors.ts';
import { inadmissible, isUuid } from '../../core/ledger/admissible.ts';
import type { AccountId, Book, HoldId, OverrunPolicy } from '../../core/ledger/operations.ts';
import { type Amount, ZERO } from '../../core/money/amount.ts';
import { surviveCuts } from '../database.ts';
import { reaching } from '../store-away.ts';
import { commitBatch } from './batch.ts';
import { storable } from './columns.ts';
import { Lanes, type LanesOptions } from './lanes.ts';
import { readBalance } from './read-balance.ts';
import { readEntries } from './read-entries.ts';
import { HOLD_COLUMNS, type HoldRow, readHold } from './read-rows.ts';
import { readUsage } from './read-usage.ts';
import { tuples } from './snapshot.ts';
import { verifyLedger } from './verify.ts';

export interface OpenLedger extends Ledger, UsageRecords {
  /** Takes nothing more, ends what was taken, and closes the ledger's own connections; the pool stays open. */
  close(): Promise<void>;
}

const DEFAULTS: LanesOptions = { lanes: 2, batchMost: 256, patienceMs: 2_000, restMs: 100 };

/** A batch is over in milliseconds. One that is not has met a server that hangs. */
const BATCH_TIMEOUT_MS = 5_000;
const SILENCE_TIMEOUT_MS = 6_000;

/**
 * Every statement of a batch finds its rows by their keys. The planner may not choose otherwise: it knows nothing yet of
 * tables that were empty when it first planned, and would read all of them.
 */
const BY_KEY_ONLY = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off';

/** Opens the ledger beside a pool whose database has been migrated. Nothing is sent before the first operation. */
export function openLedger(pool: pg.Pool, options: Partial<LanesOptions> = {}): OpenLedger {
  const settings = { ...DEFAULTS, ...options };
  const own = new pg.Pool({
    ...pool.options,
    max: settings.lanes,
    pipeline: true,
    statement_timeout: BATCH_TIMEOUT_MS,
    query_timeout: SILENCE_TIMEOUT_MS,
    idle_in_transaction_session_timeout: BATCH_TIMEOUT_MS,
    options: `${pool.options.options ?? ''} ${BY_KEY_ONLY}`,
  });
  surviveCuts(own);
  const lanes = new Lanes((operations) => commitBatch(own, operations), settings);
  return {
    async commit(operation) {
      const problem = inadmissible(operation);
      if (problem !== undefined) throw refused('invalid', `This cannot be booked: ${problem}.`);
      return await lanes.submit(operation);
    },
    openAccounts: (owner, overrun, floor = ZERO) => openAccounts(pool, owner, overrun, floor),
    balance: (account, asOf) => readBalance(pool, account, asOf),
    overdueHolds: (most) => overdueHolds(pool, most),
    hold: (id) => holdRecord(pool, id),
    verify: () => verifyLedger(pool),
    entries: (page) => readEntries(pool, page),
    list: (query) => readUsage(pool, query),
    async close() {
      await lanes.close();
      await own.end();
    },
  };
}

async function openAccounts(
  pool: pg.Pool,
  owner: AccountOwner,
  overrun: OverrunPolicy,
  floor: Amount,
): Promise<Record<Book, AccountId>> {
  const values = [owner.kind, storable(owner.id), overrun, floor];
  const rows = await reaching(async () => {
    await pool.query(
      `INSERT INTO account (owner_kind, owner_id, book, overrun_policy, floor)
       SELECT $1, $2, book, $3, $4 FROM unnest('{live,test}'::text[]) book ON CONFLICT DO NOTHING`,
      values,
    );
    const text = `SELECT book, id::text FROM account WHERE owner_kind = $1 AND owner_id = $2`;
    return await tuples<[Book, AccountId]>(pool, text, values.slice(0, 2));
  });
  const accounts = new Map(rows);
  return { live: accounts.get('live') ?? '', test: accounts.get('test') ?? '' };
}

async function overdueHolds(pool: pg.Pool, most: number): Promise<HoldId[]> {
  const text = `SELECT id FROM hold
    WHERE state = 'held' AND lease_until <= (extract(epoch FROM clock_timestamp()) * 1000)::bigint
    ORDER BY lease_until LIMIT $1`;
  const rows = await reaching(() => tuples<[HoldId]>(pool, text, [most]));
  return rows.map(([id]) => id);
}

async function holdRecord(pool: pg.Pool, id: HoldId): Promise<HoldRecord | undefined> {
  if (!isUuid(id)) return undefined;
  const text = `SELECT ${HOLD_COLUMNS} FROM hold h WHERE h.id = $1`;
  const [row] = await reaching(() => tuples<HoldRow>(pool, text, [id]));
  if (!row) return undefined;
  const { state, book, amount, charged, call, createdAt, leaseUntil } = readHold(row);
  const { principalId, keyId } = call;
  return {
    id,
    state,
    book,
    amount,
    charged,
    principalId,
    ...(keyId === undefined ? {} : { keyId }),
    createdAt,
    ...(leaseUntil === undefined ? {} : { leaseUntil }),
  };
}
