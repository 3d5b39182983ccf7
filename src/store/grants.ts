/** Grants in the database. */
import { type Generated, type Insertable, type Selectable, sql } from 'kysely';
import type { GrantRecord, Grants, PromiseState } from '../app/ports/promises.ts';
import { nano } from '../core/money/amount.ts';
import type { Database } from './database.ts';
import { pageFrom, placeAfter } from './page.ts';
import { at, present } from './rows.ts';
import { reaching } from './store-away.ts';

interface GrantTable {
  place: Generated<bigint>;
  id: string;
  person_id: string;
  pool_id: string | null;
  state: PromiseState;
  amount: bigint;
  percent_of_base: string | null;
  base_salary: bigint | null;
  effective_on: string;
  effective_at: Date;
  expires_on: string | null;
  expires_at: Date | null;
  priority: number;
  rollover_most: bigint | null;
  rollover_least: bigint | null;
  rollover_expires_on: string | null;
  rollover_expires_at: Date | null;
  kind: string | null;
  tax_treatment: string | null;
  note: string | null;
  created_at: Generated<Date>;
}

/** The grants of this database. */
export function openGrants(database: Database): Grants {
  const db = database.kysely.$extendTables<{ budget_grant: GrantTable }>();

  const find: Grants['find'] = async (id) => {
    const row = await db.selectFrom('budget_grant').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toGrant(row);
  };

  const list: Grants['list'] = async (query) => {
    let rows = db
      .selectFrom('budget_grant')
      .selectAll()
      .where('place', '>', placeAfter(query))
      .orderBy('place')
      .limit(query.limit + 1);
    if (query.personId !== undefined) rows = rows.where('person_id', '=', query.personId);
    return pageFrom(await rows.execute(), query.limit, toGrant);
  };

  const keep: Grants['keep'] = async (grant) => {
    const row = await db
      .insertInto('budget_grant')
      .values(toRow(grant))
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returningAll()
      .executeTakeFirst();
    const kept = row ? toGrant(row) : await find(grant.id);
    if (!kept) throw new Error(`grant ${grant.id} was neither kept nor there`);
    return kept;
  };

  const activate: Grants['activate'] = async (id) =>
    toGrant(
      await db
        .updateTable('budget_grant')
        .set({ state: 'active' })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow(),
    );

  const drop: Grants['drop'] = async (id) => {
    await db.deleteFrom('budget_grant').where('id', '=', id).where('state', '=', 'pending').execute();
  };

  const pending: Grants['pending'] = async (olderThanMs) => {
    const rows = await db
      .selectFrom('budget_grant')
      .selectAll()
      .where('state', '=', 'pending')
      .where('created_at', '<', sql<Date>`now() - ${olderThanMs} * interval '1 ms'`)
      .orderBy('place')
      .execute();
    return rows.map(toGrant);
  };

  return {
    find: (id) => reaching(() => find(id)),
    list: (query) => reaching(() => list(query)),
    keep: (grant) => reaching(() => keep(grant)),
    activate: (id) => reaching(() => activate(id)),
    drop: (id) => reaching(() => drop(id)),
    pending: (olderThanMs) => reaching(() => pending(olderThanMs)),
  };
}

function toRow(grant: Parameters<Grants['keep']>[0]): Insertable<GrantTable> {
  const { rollover } = grant;
  return {
    id: grant.id,
    person_id: grant.personId,
    pool_id: grant.poolId ?? null,
    state: 'pending',
    amount: grant.amount,
    percent_of_base: grant.percentOfBase ?? null,
    base_salary: grant.baseSalary ?? null,
    effective_on: grant.effectiveOn,
    effective_at: new Date(grant.effectiveAt),
    expires_on: grant.expiresOn ?? null,
    expires_at: grant.expiresAt === undefined ? null : new Date(grant.expiresAt),
    priority: grant.priority,
    rollover_most: rollover?.most ?? null,
    rollover_least: rollover?.least ?? null,
    rollover_expires_on: rollover?.expiresOn ?? null,
    rollover_expires_at: rollover?.expiresAt === undefined ? null : new Date(rollover.expiresAt),
    kind: grant.kind ?? null,
    tax_treatment: grant.taxTreatment ?? null,
    note: grant.note ?? null,
  };
}

function toGrant(row: Selectable<GrantTable>): GrantRecord {
  return {
    id: row.id,
    personId: row.person_id,
    state: row.state,
    amount: nano(row.amount),
    effectiveOn: row.effective_on,
    effectiveAt: at(row.effective_at),
    priority: row.priority,
    ...present({
      poolId: row.pool_id,
      percentOfBase: row.percent_of_base,
      baseSalary: row.base_salary === null ? null : nano(row.base_salary),
      expiresOn: row.expires_on,
      expiresAt: at(row.expires_at),
      rollover: rolloverOf(row),
      kind: row.kind,
      taxTreatment: row.tax_treatment,
      note: row.note,
    }),
    createdAt: at(row.created_at),
  };
}

function rolloverOf(row: Selectable<GrantTable>): NonNullable<GrantRecord['rollover']> | null {
  if (row.rollover_most === null || row.rollover_least === null) return null;
  return {
    most: nano(row.rollover_most),
    least: nano(row.rollover_least),
    ...present({ expiresOn: row.rollover_expires_on, expiresAt: at(row.rollover_expires_at) }),
  };
}
