/** The calls that were charged, the newest first: whoever looks wants to know what just happened. */
import type { Pool } from 'pg';
import type { Paged, UsageQuery, UsageRecord } from '../../app/ports.ts';
import { refused } from '../../core/errors.ts';
import type { Book, CallFacts, ChargeFacts } from '../../core/ledger/operations.ts';
import { nano } from '../../core/money/amount.ts';
import { reaching } from '../store-away.ts';
import { whole } from './read-rows.ts';
import { tuples } from './snapshot.ts';

type UsageRow = [
  id: string,
  endedAt: bigint,
  book: Book,
  charged: bigint,
  reversed: bigint,
  call: CallFacts,
  charge: ChargeFacts | null,
];

const CURSOR = /^(\d{1,15})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const NEWEST = [String(Number.MAX_SAFE_INTEGER), 'ffffffff-ffff-ffff-ffff-ffffffffffff'] as const;

/** A page of the records in [from, to). Throws `Refused`: `unprocessable` for a cursor that this list never gave. */
export async function readUsage(pool: Pool, query: UsageQuery): Promise<Paged<UsageRecord>> {
  const [afterAt, afterId] = placeAfter(query);
  const text = `SELECT id, ended_at, book, charged, reversed, call, charge FROM hold
    WHERE state IN ('settled', 'expired') AND (ended_at, id) < ($1, $2)
      ${query.principalId === undefined ? 'AND $3::text IS NULL' : 'AND principal_id = $3'}
      AND ended_at >= $4 AND ended_at < $5
    ORDER BY ended_at DESC, id DESC LIMIT $6`;
  const { principalId = null, from = 0, to = Number.MAX_SAFE_INTEGER, limit } = query;
  const values = [afterAt, afterId, principalId, from, to, limit + 1];
  const rows = await reaching(() => tuples<UsageRow>(pool, text, values));
  const shown = rows.slice(0, limit);
  const items = shown.map(readRecord);
  const last = shown.at(-1);
  return rows.length > limit && last ? { items, next: `${last[1]}-${last[0]}` } : { items };
}

function placeAfter({ after }: UsageQuery): readonly [at: string, id: string] {
  if (after === undefined) return NEWEST;
  const match = CURSOR.exec(after);
  if (!match) throw refused('unprocessable', 'The cursor is none that this list gave.');
  return [match[1] ?? '', match[2] ?? ''];
}

function readRecord([, endedAt, book, charged, reversed, call, charge]: UsageRow): UsageRecord {
  const { requestId, provider, wire, model, priceSheet, principalId, keyId, agent, session, tags } = call;
  return {
    requestId,
    at: whole(endedAt),
    book,
    provider,
    ...(wire === undefined ? {} : { wire }),
    model: charge?.model ?? model,
    ...(charge?.usage === undefined ? {} : { usage: charge.usage }),
    ...(charge?.toolUses === undefined ? {} : { toolUses: charge.toolUses }),
    cost: nano(charged),
    ...(reversed === 0n ? {} : { reversed: nano(reversed) }),
    ...(priceSheet === undefined ? {} : { priceSheet }),
    outcome: charge?.outcome ?? 'completed',
    principalId,
    ...(keyId === undefined ? {} : { keyId }),
    ...(agent === undefined ? {} : { agent }),
    ...(session === undefined ? {} : { session }),
    ...(tags === undefined ? {} : { tags }),
  };
}
