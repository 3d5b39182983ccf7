/** The journal, entry by entry. */
import type { Pool } from 'pg';
import type { EntryRecord, Page, Paged } from '../../app/ports.ts';
import { refused } from '../../core/errors.ts';
import { isUuid } from '../../core/ledger/admissible.ts';
import type { Book } from '../../core/ledger/operations.ts';
import { nano } from '../../core/money/amount.ts';
import { reaching } from '../store-away.ts';
import { whole } from './read-rows.ts';
import { tuples } from './snapshot.ts';

type EntryRow = [id: string, at: bigint, cause: string, book: Book, operationId: string, transfers: TransferRow[]];

type TransferRow = { account: string; debit: string; credit: string; amount: string; tranche: string | null };

// Amounts as text: JSON's numbers are floats.
const ENTRIES = `SELECT e.id, e.at, e.cause, e.book, e.operation_id, (
    SELECT json_agg(json_build_object('account', t.account_id::text, 'debit', t.debit, 'credit', t.credit,
      'amount', t.amount::text, 'tranche', t.tranche_id) ORDER BY t.ordinal)
    FROM transfer t WHERE t.entry_id = e.id)
  FROM entry e WHERE $1::uuid IS NULL OR e.id < $1 ORDER BY e.id DESC LIMIT $2`;

/** A page of entries, the newest first. Throws `Refused`: `unprocessable` for a cursor that this list never gave. */
export async function readEntries(pool: Pool, { limit, after }: Page): Promise<Paged<EntryRecord>> {
  if (after !== undefined && !isUuid(after)) throw refused('unprocessable', 'The cursor is none that this list gave.');
  const rows = await reaching(() => tuples<EntryRow>(pool, ENTRIES, [after ?? null, limit + 1]));
  const items = rows.slice(0, limit).map(readEntry);
  const last = items.at(-1);
  return rows.length > limit && last ? { items, next: last.id } : { items };
}

function readEntry([id, at, cause, book, operationId, transfers]: EntryRow): EntryRecord {
  return {
    id,
    at: whole(at),
    cause,
    book,
    operationId,
    transfers: transfers.map(({ debit, credit, amount, ...whose }) => ({
      debit: nameOf(debit, whose),
      credit: nameOf(credit, whose),
      amount: nano(BigInt(amount)),
    })),
  };
}

/** An account's full name: what is one for each principal, or one tranche of it, says whose and which. */
function nameOf(place: string, { account, tranche }: Pick<TransferRow, 'account' | 'tranche'>): string {
  if (place === 'tranche') return `account/${account}/tranche/${tranche}`;
  return place === 'promised' || place === 'overrun' ? `account/${account}/${place}` : place;
}
