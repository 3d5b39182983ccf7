/** Fundings of pools in the database. */
import { type Generated, type Selectable, sql } from 'kysely';
import type { FundingRecord, Fundings, PromiseState } from '../app/ports/promises.ts';
import { nano } from '../core/money/amount.ts';
import type { Database } from './database.ts';
import { pageFrom, placeAfter } from './page.ts';
import { at, present } from './rows.ts';
import { reaching } from './store-away.ts';

interface FundingTable {
  place: Generated<bigint>;
  id: string;
  pool_id: string;
  state: PromiseState;
  amount: bigint;
  effective_on: string;
  effective_at: Date;
  expires_on: string | null;
  expires_at: Date | null;
  note: string | null;
  created_at: Generated<Date>;
}

/** The fundings of this database. */
export function openFundings(database: Database): Fundings {
  const db = database.kysely.$extendTables<{ pool_funding: FundingTable }>();

  const find: Fundings['find'] = async (id) => {
    const row = await db.selectFrom('pool_funding').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toFunding(row);
  };

  const list: Fundings['list'] = async (query) => {
    let rows = db
      .selectFrom('pool_funding')
      .selectAll()
      .where('place', '>', placeAfter(query))
      .orderBy('place')
      .limit(query.limit + 1);
    if (query.poolId !== undefined) rows = rows.where('pool_id', '=', query.poolId);
    return pageFrom(await rows.execute(), query.limit, toFunding);
  };

  const keep: Fundings['keep'] = async (funding) => {
    const row = await db
      .insertInto('pool_funding')
      .values({
        id: funding.id,
        pool_id: funding.poolId,
        state: 'pending',
        amount: funding.amount,
        effective_on: funding.effectiveOn,
        effective_at: new Date(funding.effectiveAt),
        expires_on: funding.expiresOn ?? null,
        expires_at: funding.expiresAt === undefined ? null : new Date(funding.expiresAt),
        note: funding.note ?? null,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returningAll()
      .executeTakeFirst();
    const kept = row ? toFunding(row) : await find(funding.id);
    if (!kept) throw new Error(`funding ${funding.id} was neither kept nor there`);
    return kept;
  };

  const activate: Fundings['activate'] = async (id) =>
    toFunding(
      await db
        .updateTable('pool_funding')
        .set({ state: 'active' })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow(),
    );

  const pending: Fundings['pending'] = async (olderThanMs) => {
    const rows = await db
      .selectFrom('pool_funding')
      .selectAll()
      .where('state', '=', 'pending')
      .where('created_at', '<', sql<Date>`now() - ${olderThanMs} * interval '1 ms'`)
      .orderBy('place')
      .execute();
    return rows.map(toFunding);
  };

  return {
    find: (id) => reaching(() => find(id)),
    list: (query) => reaching(() => list(query)),
    keep: (funding) => reaching(() => keep(funding)),
    activate: (id) => reaching(() => activate(id)),
    pending: (olderThanMs) => reaching(() => pending(olderThanMs)),
  };
}

function toFunding(row: Selectable<FundingTable>): FundingRecord {
  return {
    id: row.id,
    poolId: row.pool_id,
    amount: nano(row.amount),
    state: row.state,
    effectiveOn: row.effective_on,
    effectiveAt: at(row.effective_at),
    ...present({ expiresOn: row.expires_on, expiresAt: at(row.expires_at), note: row.note }),
    createdAt: at(row.created_at),
  };
}
