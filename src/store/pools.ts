/** Pools in the database. */
import type { Generated, Selectable } from 'kysely';
import type { PoolRecord, Pools } from '../app/ports/promises.ts';
import type { Page, Paged } from '../app/ports.ts';
import type { Database } from './database.ts';
import { pageFrom, placeAfter } from './page.ts';
import { accountsOf, at, present, violatedIndex } from './rows.ts';
import { reaching } from './store-away.ts';

interface PoolTable {
  place: Generated<bigint>;
  id: string;
  name: string;
  description: string | null;
  live_account: string;
  test_account: string;
  created_at: Generated<Date>;
}

/** The pools of this database. */
export function openPools(database: Database): Pools {
  const db = database.kysely.$extendTables<{ pool: PoolTable }>();

  const find = async (id: string): Promise<PoolRecord | undefined> => {
    const row = await db.selectFrom('pool').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toPool(row);
  };

  const list = async (page: Page): Promise<Paged<PoolRecord>> => {
    const rows = await db
      .selectFrom('pool')
      .selectAll()
      .where('place', '>', placeAfter(page))
      .orderBy('place')
      .limit(page.limit + 1)
      .execute();
    return pageFrom(rows, page.limit, toPool);
  };

  const add: Pools['add'] = async ({ id, name, description, accounts }) => {
    try {
      const row = await db
        .insertInto('pool')
        .values({
          id,
          name,
          description: description ?? null,
          live_account: accounts.live,
          test_account: accounts.test,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returningAll()
        .executeTakeFirst();
      const kept = row ? toPool(row) : await find(id);
      if (!kept) throw new Error(`pool ${id} was neither added nor there`);
      return kept;
    } catch (error) {
      if (violatedIndex(error) === 'pool_name') return { taken: 'name' };
      throw error;
    }
  };

  return {
    find: (id) => reaching(() => find(id)),
    list: (page) => reaching(() => list(page)),
    add: (pool) => reaching(() => add(pool)),
  };
}

function toPool(row: Selectable<PoolTable>): PoolRecord {
  return {
    id: row.id,
    name: row.name,
    ...present({ description: row.description }),
    accounts: accountsOf(row),
    createdAt: at(row.created_at),
  };
}
