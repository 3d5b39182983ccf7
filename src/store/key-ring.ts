/** Keys as administrators keep them. What a key's text opens is in `keys.ts`. */
import { type Generated, type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { FundingSource, KeyHolder, KeyRing, ShownKey, VirtualKey } from '../app/ports/key-ring.ts';
import type { Database } from './database.ts';
import { freshKey } from './fresh-key.ts';
import { pageFrom, placeAfter } from './page.ts';
import { at, present } from './rows.ts';
import type { Pepper } from './sealing.ts';
import { reaching } from './store-away.ts';

interface KeyTable {
  place: Generated<bigint>;
  id: string;
  name: string;
  person_id: string | null;
  service_id: string | null;
  parent_key_id: string | null;
  funding: FundingSource[];
  models: string[] | null;
  created_at: Generated<Date>;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
}

interface SecretTable {
  hash: Buffer;
  key_id: string;
  created_at: Generated<Date>;
  retires_at: Date | null;
}

/** An alias and not an interface: Kysely wants tables that can be looked up by any name. */
type Tables = {
  virtual_key: KeyTable;
  key_secret: SecretTable;
};

/** The keys of this database; only hashes of their texts are in it. */
export function openKeyRing(database: Database, pepper: Pepper): KeyRing {
  const db = database.kysely.$extendTables<Tables>();

  const list: KeyRing['list'] = async (query) => {
    let rows = db
      .selectFrom('virtual_key')
      .selectAll()
      .where('place', '>', placeAfter(query))
      .orderBy('place')
      .limit(query.limit + 1);
    if (query.personId !== undefined) rows = rows.where('person_id', '=', query.personId);
    if (query.serviceId !== undefined) rows = rows.where('service_id', '=', query.serviceId);
    return pageFrom(await rows.execute(), query.limit, toKey);
  };

  const add: KeyRing['add'] = (key) =>
    db.transaction().execute(async (transaction) => {
      if (key.parentKeyId !== undefined && !(await lockInUse(transaction, key.parentKeyId))) return undefined;
      await transaction
        .insertInto('virtual_key')
        .values({
          id: key.id,
          name: key.name,
          person_id: 'personId' in key.holder ? key.holder.personId : null,
          service_id: 'serviceId' in key.holder ? key.holder.serviceId : null,
          parent_key_id: key.parentKeyId ?? null,
          funding: sql<FundingSource[]>`${JSON.stringify(key.funding)}::jsonb`,
          models: key.models === undefined ? null : [...key.models],
          expires_at: key.expiresAt === undefined ? null : new Date(key.expiresAt),
          revoked_at: null,
          last_used_at: null,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
      await transaction.deleteFrom('key_secret').where('key_id', '=', key.id).execute();
      return giveSecret(transaction, pepper, key.id);
    });

  const rotate: KeyRing['rotate'] = (id, overlapMs) =>
    db.transaction().execute(async (transaction) => {
      if (!(await lockInUse(transaction, id))) return undefined;
      await transaction
        .deleteFrom('key_secret')
        .where('key_id', '=', id)
        .where('retires_at', '<=', sql<Date>`now()`)
        .execute();
      await transaction
        .updateTable('key_secret')
        .set({ retires_at: sql<Date>`LEAST(retires_at, now() + ${overlapMs} * interval '1 ms')` })
        .where('key_id', '=', id)
        .execute();
      return giveSecret(transaction, pepper, id);
    });

  const revoke: KeyRing['revoke'] = (id) =>
    db.transaction().execute(async (transaction) => {
      // Locked in a statement of its own: a child that is being added holds this row, and is then seen below.
      await lockInUse(transaction, id);
      const ended = await transaction
        .updateTable('virtual_key')
        .set({ revoked_at: sql<Date>`now()` })
        .where('revoked_at', 'is', null)
        .where((column) => column.or([column('id', '=', id), column('parent_key_id', '=', id)]))
        .returning('id')
        .execute();
      for (const key of ended) await tell(transaction, key.id);
      return find(transaction, id);
    });

  return {
    find: (id) => reaching(() => find(db, id)),
    list: (query) => reaching(() => list(query)),
    add: (key) => reaching(() => add(key)),
    rotate: (id, overlapMs) => reaching(() => rotate(id, overlapMs)),
    revoke: (id) => reaching(() => revoke(id)),
  };
}

async function find(db: Kysely<Tables>, id: string): Promise<VirtualKey | undefined> {
  const row = await db.selectFrom('virtual_key').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toKey(row);
}

/** Holds a key as it is until the transaction ends; `false` when it is revoked or not there. */
async function lockInUse(transaction: Transaction<Tables>, id: string): Promise<boolean> {
  const row = await transaction
    .selectFrom('virtual_key')
    .select('id')
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined;
}

async function giveSecret(transaction: Transaction<Tables>, pepper: Pepper, id: string): Promise<ShownKey> {
  const text = freshKey('live', id);
  await transaction
    .insertInto('key_secret')
    .values({ hash: pepper.hash('virtual keys', text), key_id: id, retires_at: null })
    .execute();
  await tell(transaction, id);
  const key = await find(transaction, id);
  if (!key) throw new Error(`key ${id} was given a secret and is not there`);
  return { key, text };
}

/** Every process hears of it when the transaction commits, and forgets what it knew of the key. */
async function tell(transaction: Transaction<Tables>, id: string): Promise<void> {
  await sql`SELECT pg_notify('stipend_keys', ${id})`.execute(transaction);
}

function holderOf(row: Selectable<KeyTable>): KeyHolder {
  if (row.person_id !== null) return { personId: row.person_id };
  if (row.service_id !== null) return { serviceId: row.service_id };
  throw new Error(`key ${row.id} has no holder`);
}

function toKey(row: Selectable<KeyTable>): VirtualKey {
  return {
    id: row.id,
    name: row.name,
    holder: holderOf(row),
    funding: row.funding,
    createdAt: at(row.created_at),
    ...present({
      parentKeyId: row.parent_key_id,
      models: row.models,
      expiresAt: at(row.expires_at),
      revokedAt: at(row.revoked_at),
      lastUsedAt: at(row.last_used_at),
    }),
  };
}
