/** Service principals in the database. */
import { type Generated, type Selectable, sql } from 'kysely';
import type { PrincipalStatus, ServiceChange, ServiceRecord, Services } from '../app/ports/people.ts';
import type { Page, Paged } from '../app/ports.ts';
import type { Database } from './database.ts';
import { pageFrom, placeAfter } from './page.ts';
import { at } from './rows.ts';
import { reaching } from './store-away.ts';

interface ServiceTable {
  place: Generated<bigint>;
  id: string;
  name: string;
  status: PrincipalStatus;
  status_since: Generated<Date>;
  pool_id: string;
  steward_id: string;
  created_at: Generated<Date>;
}

/** The services of this database. */
export function openServices(database: Database): Services {
  const db = database.kysely.$extendTables<{ service: ServiceTable }>();

  const find = async (id: string): Promise<ServiceRecord | undefined> => {
    const row = await db.selectFrom('service').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toService(row);
  };

  const list = async (page: Page): Promise<Paged<ServiceRecord>> => {
    const rows = await db
      .selectFrom('service')
      .selectAll()
      .where('place', '>', placeAfter(page))
      .orderBy('place')
      .limit(page.limit + 1)
      .execute();
    return pageFrom(rows, page.limit, toService);
  };

  const add = async (service: Omit<ServiceRecord, 'createdAt'>): Promise<ServiceRecord> => {
    const { id, name, status, poolId, stewardId } = service;
    const row = await db
      .insertInto('service')
      .values({ id, name, status, pool_id: poolId, steward_id: stewardId })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returningAll()
      .executeTakeFirst();
    const kept = row ? toService(row) : await find(id);
    if (!kept) throw new Error(`service ${id} was neither added nor there`);
    return kept;
  };

  const change = (id: string, { name, stewardId, status }: ServiceChange) =>
    db.transaction().execute(async (transaction) => {
      const row = await transaction
        .updateTable('service')
        .set((columns) => ({
          name: name ?? columns.ref('name'),
          steward_id: stewardId ?? columns.ref('steward_id'),
          ...(status === undefined
            ? {}
            : { status, status_since: sql<Date>`CASE WHEN status = ${status} THEN status_since ELSE now() END` }),
        }))
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      if (status !== undefined) {
        await sql`SELECT pg_notify('stipend_keys', id::text) FROM virtual_key WHERE service_id = ${id}`.execute(
          transaction,
        );
      }
      return row && toService(row);
    });

  return {
    find: (id) => reaching(() => find(id)),
    list: (page) => reaching(() => list(page)),
    add: (service) => reaching(() => add(service)),
    change: (id, changes) => reaching(() => change(id, changes)),
  };
}

function toService(row: Selectable<ServiceTable>): ServiceRecord {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    poolId: row.pool_id,
    stewardId: row.steward_id,
    createdAt: at(row.created_at),
  };
}
