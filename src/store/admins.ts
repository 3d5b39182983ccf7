/** Administrators in the database, and the one of the installation, whose key is configured or was made at its start. */
import { type Generated, type Selectable, sql } from 'kysely';
import type { AdminRecord, Admins } from '../app/ports/key-ring.ts';
import { readKey } from '../core/keys/key-text.ts';
import { instant } from '../core/time/instant.ts';
import type { Database } from './database.ts';
import { freshKey } from './fresh-key.ts';
import type { Installation } from './installation.ts';
import { pageFrom, placeAfter } from './page.ts';
import { at, present } from './rows.ts';
import { sameHash } from './sealing.ts';
import { reaching } from './store-away.ts';

interface AdminTable {
  place: Generated<bigint>;
  id: string;
  name: string;
  hash: Buffer;
  created_at: Generated<Date>;
  revoked_at: Date | null;
}

/** The administrators of this database. They are few and their requests are too: each is looked up when it asks. */
export function openAdmins(database: Database, installation: Installation): Admins {
  const db = database.kysely.$extendTables<{ administrator: AdminTable }>();
  const { pepper, adminKeyHash } = installation;
  const first: AdminRecord = { id: installation.id, name: 'operator', createdAt: instant(0) };

  const find = (id: string) => db.selectFrom('administrator').selectAll().where('id', '=', id).executeTakeFirst();

  const holder: Admins['holder'] = async (presented) => {
    const hash = pepper.hash('admin keys', presented);
    if (sameHash(hash, adminKeyHash)) return first;
    const read = readKey(presented);
    if (read?.kind !== 'admin') return undefined;
    const row = await find(read.id);
    return row && row.revoked_at === null && sameHash(hash, row.hash) ? toAdmin(row) : undefined;
  };

  const list: Admins['list'] = async (page) => {
    const rows = await db
      .selectFrom('administrator')
      .selectAll()
      .where('place', '>', placeAfter(page))
      .orderBy('place')
      .limit(page.limit + 1)
      .execute();
    return pageFrom(rows, page.limit, toAdmin);
  };

  const add: Admins['add'] = async ({ id, name }) => {
    const text = freshKey('admin', id);
    const hash = pepper.hash('admin keys', text);
    const row = await db
      .insertInto('administrator')
      .values({ id, name, hash, revoked_at: null })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ hash }))
      .returningAll()
      .executeTakeFirstOrThrow();
    return { admin: toAdmin(row), text };
  };

  const revoke: Admins['revoke'] = async (id) => {
    const row = await db
      .updateTable('administrator')
      .set({ revoked_at: sql<Date>`COALESCE(revoked_at, now())` })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst();
    return row && toAdmin(row);
  };

  return {
    holder: (presented) => reaching(() => holder(presented)),
    list: (page) => reaching(() => list(page)),
    add: (admin) => reaching(() => add(admin)),
    revoke: (id) => reaching(() => revoke(id)),
  };
}

function toAdmin(row: Selectable<AdminTable>): AdminRecord {
  return {
    id: row.id,
    name: row.name,
    createdAt: at(row.created_at),
    ...present({ revokedAt: at(row.revoked_at) }),
  };
}
