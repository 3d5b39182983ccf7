/** Locks what a batch decides over, and reads it. */
import type { ClientBase } from 'pg';
import type { LedgerOperation } from '../../core/ledger/operations.ts';
import type { Answered, Hold, LedgerState } from '../../core/ledger/state.ts';
import { type Instant, instant } from '../../core/time/instant.ts';
import { plain, quoted, storable } from './columns.ts';
import { type KeptOutcome, readOutcome } from './kept-answer.ts';
import {
  ACCOUNT_COLUMNS,
  type AccountRow,
  HOLD_COLUMNS,
  type HoldRow,
  readAccount,
  readHold,
  readTranche,
  TRANCHE_COLUMNS,
  type TrancheRow,
  whole,
} from './read-rows.ts';

/** A hold was committed between the locking of the accounts and the reading of the holds; the batch must begin again. */
export class HoldAppeared extends Error {
  override readonly name = 'HoldAppeared';
}

export interface Loaded {
  readonly state: LedgerState;
  /** The database's clock, read when every lock was held: an account's operations are dated in their order. */
  readonly now: Instant;
}

/** What a batch's operations name. */
interface Named {
  readonly accounts: readonly string[];
  readonly holds: readonly string[];
  readonly tranches: readonly string[];
  readonly grants: readonly string[];
  readonly answers: readonly string[];
  readonly entries: readonly string[];
}

/** One account at a time, in the order of their ids: two batches can wait for each other, never in a circle. */
const LOCK = `SELECT ${ACCOUNT_COLUMNS} FROM account a
  WHERE a.id = ANY ($1::bigint[] || ARRAY(SELECT unnest(h.accounts) FROM hold h WHERE h.id = ANY ($2::uuid[])))
  ORDER BY a.id FOR UPDATE`;

const CLOCK = `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint`;

const HOLDS = `SELECT ${HOLD_COLUMNS} FROM hold h WHERE h.id = ANY ($1::uuid[])`;

/** Everything that is open of the accounts, and of what is closed what the holds took from. */
const TRANCHES = `SELECT ${TRANCHE_COLUMNS} FROM tranche t
  WHERE t.stage <> 'closed' AND t.account_id =
    ANY ($1::bigint[] || ARRAY(SELECT unnest(h.accounts) FROM hold h WHERE h.id = ANY ($2::uuid[])))
  UNION ALL
  SELECT ${TRANCHE_COLUMNS} FROM tranche t
  WHERE t.stage = 'closed' AND t.id =
    ANY (ARRAY(SELECT unnest(h.slice_tranches) FROM hold h WHERE h.id = ANY ($2::uuid[])))`;

const TRANCHES_NAMED = `SELECT ${TRANCHE_COLUMNS} FROM tranche t WHERE t.id = ANY ($1::uuid[])
  UNION ALL
  SELECT ${TRANCHE_COLUMNS} FROM tranche t
  WHERE t.account_id = ANY ($2::bigint[]) AND t.grant_id = ANY ($3::text[]) AND NOT t.id = ANY ($1::uuid[])`;

const ANSWERED = `SELECT id, asked, outcome FROM answered WHERE id = ANY ($1::uuid[])`;

const CHARGES = `SELECT id, hold_id FROM entry WHERE id = ANY ($1::uuid[]) AND hold_id IS NOT NULL
  AND cause <> 'reverse'`;

/** The rows that the operations name by themselves. */
function namedBy(operations: readonly LedgerOperation[]): Named {
  const named = { accounts: [], holds: [], tranches: [], grants: [], answers: [], entries: [] } as {
    -readonly [Key in keyof Named]: string[];
  };
  for (const operation of operations) {
    switch (operation.kind) {
      case 'hold':
      case 'charge':
        named.accounts.push(...operation.accounts);
        named.holds.push(operation.id);
        break;
      case 'checkpoint':
      case 'settle':
      case 'void':
      case 'expire':
        named.holds.push(operation.id);
        break;
      case 'fund':
        named.accounts.push(operation.account);
        named.tranches.push(operation.tranche.id);
        break;
      case 'grant':
        named.accounts.push(operation.account, ...(operation.from === 'company' ? [] : [operation.from]));
        named.tranches.push(...operation.tranches.map(({ id }) => id));
        break;
      case 'transfer':
        named.accounts.push(operation.from, operation.to);
        named.tranches.push(operation.tranche.id);
        break;
      case 'forfeit':
        named.accounts.push(operation.account);
        named.grants.push(operation.grantId);
        break;
      case 'reverse':
        named.entries.push(operation.entry);
        break;
    }
    if (isAnswered(operation)) named.answers.push(operation.id);
  }
  return named;
}

/** Whether the first answer is kept apart, and not on a hold. */
function isAnswered({ kind }: LedgerOperation): boolean {
  return kind === 'fund' || kind === 'grant' || kind === 'transfer' || kind === 'forfeit' || kind === 'reverse';
}

/**
 * Begins a transaction, locks and reads. The statements go out together and are answered in one round trip; the reads
 * are statements of their own, so that each sees what was committed before the locks were had.
 */
export async function load(client: ClientBase, operations: readonly LedgerOperation[]): Promise<Loaded> {
  const named = namedBy(operations);
  const charges = await readCharges(client, named.entries);
  const accounts = plain([...new Set(named.accounts)]);
  const holdIds = plain([...new Set([...named.holds, ...charges.values()])]);
  const [, locked, clock, holdRows, trancheRows, namedRows, answered] = await Promise.all([
    client.query('BEGIN ISOLATION LEVEL READ COMMITTED'),
    ask<AccountRow>(client, 'ledger_lock', LOCK, [accounts, holdIds]),
    ask<[bigint]>(client, 'ledger_clock', CLOCK, []),
    ask<HoldRow>(client, 'ledger_holds', HOLDS, [holdIds]),
    ask<TrancheRow>(client, 'ledger_tranches', TRANCHES, [accounts, holdIds]),
    readNamedTranches(client, named, accounts),
    readAnswered(client, named.answers),
  ]);
  const holds = holdRows.map(readHold);
  requireLocked(holds, new Set(locked.map(([id]) => id)));
  const tranches = new Map([...trancheRows, ...namedRows].map((row) => [row[0], readTranche(row)]));
  const [now] = clock;
  return {
    state: { accounts: locked.map(readAccount), tranches: [...tranches.values()], holds, answered, charges },
    now: now ? whole(now[0]) : instant(0),
  };
}

function requireLocked(holds: readonly Hold[], locked: ReadonlySet<string>): void {
  const stranger = holds.find(({ accounts }) => accounts.some((id) => !locked.has(id)));
  if (stranger) throw new HoldAppeared(`hold ${stranger.id} was committed while its accounts were being locked`);
}

async function readNamedTranches(client: ClientBase, named: Named, accounts: string): Promise<TrancheRow[]> {
  if (named.tranches.length === 0 && named.grants.length === 0) return [];
  const values = [plain(named.tranches), accounts, quoted(named.grants.map(storable))];
  return await ask<TrancheRow>(client, 'ledger_tranches_named', TRANCHES_NAMED, values);
}

/** Which holds the entries charged. That never changes, so it is read before anything is locked. */
async function readCharges(client: ClientBase, entries: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (entries.length === 0) return new Map();
  return new Map(await ask<[string, string]>(client, 'ledger_charges', CHARGES, [plain(entries)]));
}

type AnsweredRow = [id: string, asked: Record<string, string>, outcome: KeptOutcome];

async function readAnswered(client: ClientBase, ids: readonly string[]): Promise<Answered[]> {
  if (ids.length === 0) return [];
  const rows = await ask<AnsweredRow>(client, 'ledger_answered', ANSWERED, [plain(ids)]);
  return rows.map(([id, asked, outcome]) => ({ id, asked, outcome: readOutcome(outcome) }));
}

async function ask<Row extends unknown[]>(
  client: ClientBase,
  name: string,
  text: string,
  values: readonly string[],
): Promise<Row[]> {
  const { rows } = await client.query<Row>({ name, text, values: [...values], rowMode: 'array' });
  return rows;
}
