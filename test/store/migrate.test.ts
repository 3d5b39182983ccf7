import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { DatabaseUnreachable, migrate, UnfitDatabase } from '../../src/store/migrate.ts';
import type { Migration } from '../../src/store/migrations/migration.ts';
import { allServers, emptyDatabase, type FreshDatabase } from './fresh-database.ts';

const step = (name: string, statement: string): Migration => ({
  name,
  up: async (db) => {
    await sql.raw(statement).execute(db);
  },
});
const people = step('0001-people', 'CREATE TABLE person (id int PRIMARY KEY)');
const names = step('0002-names', 'ALTER TABLE person ADD name text');
const broken = step('0003-broken', 'ALTER TABLE person ADD zone text; ALTER TABLE nowhere ADD x int');

describe.each(allServers())('migrations on $name', (server) => {
  let fresh: FreshDatabase;
  let database: Database;

  beforeEach(async () => {
    fresh = await emptyDatabase(server);
    database = openDatabase({ connection: fresh.connection });
  });

  afterEach(async () => {
    await database.close();
    await fresh.drop();
  });

  const columns = async () => {
    const { rows } = await database.pool.query<{ name: string }>(
      "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'person' ORDER BY 1",
    );
    return rows.map(({ name }) => name);
  };

  it('run in order, once, and only those that are missing', async () => {
    expect(await migrate(fresh.connection, [people])).toEqual(['0001-people']);
    expect(await migrate(fresh.connection, [people, names])).toEqual(['0002-names']);
    expect(await migrate(fresh.connection, [people, names])).toEqual([]);
    expect(await columns()).toEqual(['id', 'name']);
  });

  it('run once when several migrators start at the same moment', async () => {
    const slow = step('0001-people', 'SELECT pg_sleep(0.2); CREATE TABLE person (id int PRIMARY KEY)');
    const ran = await Promise.all(Array.from({ length: 4 }, () => migrate(fresh.connection, [slow, names])));
    expect(ran.flat().sort()).toEqual(['0001-people', '0002-names']);
  });

  it('leave nothing of a step that fails, and keep those before it', async () => {
    await expect(migrate(fresh.connection, [people, names, broken])).rejects.toThrow('nowhere');
    expect(await columns()).toEqual(['id', 'name']);
    expect(await migrate(fresh.connection, [people, names])).toEqual([]);
  });

  it('refuse a database that a newer Stipend has migrated, and change nothing', async () => {
    await migrate(fresh.connection, [people, names]);
    const older = migrate(fresh.connection, [people]);
    await expect(older).rejects.toBeInstanceOf(UnfitDatabase);
    await expect(older).rejects.toThrow(/newer Stipend.*0002-names.*0001-people/);
    expect(await columns()).toEqual(['id', 'name']);
  });

  it('refuse a database that would not keep every name as it was written', async () => {
    const latin = await emptyDatabase(server, "ENCODING 'LATIN1' TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'");
    try {
      await expect(migrate(latin.connection, [people])).rejects.toThrow(/UTF8.*LATIN1/);
    } finally {
      await latin.drop();
    }
  });

  it('refuse a role that may make no tables, and name it', async () => {
    const { rows } = await database.pool.query<{ role: string }>('SELECT current_user AS role');
    // Where there is no schema, not even a superuser may.
    await database.pool.query('DROP SCHEMA public');
    await expect(migrate(fresh.connection, [people])).rejects.toThrow(`role ${rows[0]?.role} may create no tables`);
  });

  it('say so when the server lets nobody of that name in', async () => {
    const stranger = fresh.connection.replace(/\/\/[^@]*@/, '//nobody_of_that_name:x@');
    await expect(migrate(stranger)).rejects.toThrow(/open no session \(.*nobody_of_that_name.*STIPEND_DATABASE_URL/);
    await expect(migrate(stranger)).rejects.toBeInstanceOf(DatabaseUnreachable);
  });

  it('of this Stipend bring an empty database to its schema', async () => {
    const ran = await migrate(fresh.connection);
    expect(await migrate(fresh.connection)).toEqual([]);
    expect(ran).toEqual([...ran].sort());
  });
});

it('a server that is not there is told with every address that was tried', async () => {
  await expect(migrate('postgresql://nobody@localhost:1/nothing')).rejects.toThrow(
    /^PostgreSQL lets Stipend open no session \(connect ECONNREFUSED \S+:1.*does it run/,
  );
});
