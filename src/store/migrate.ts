/**
 * Brings a database to this Stipend's schema: numbered steps, each in a transaction of its own, one migrator at a time.
 * A database with steps this Stipend does not know belongs to a newer one and is left alone.
 */
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { sessionConfig, surviveCuts } from './database.ts';
import { MIGRATIONS } from './migrations/all.ts';
import type { Migration } from './migrations/migration.ts';

/** This database cannot carry this Stipend; the message tells the operator why and what to do. */
export class UnfitDatabase extends Error {
  override readonly name = 'UnfitDatabase';
}

/** No session could be had; the message says why. */
export class DatabaseUnreachable extends Error {
  override readonly name = 'DatabaseUnreachable';

  constructor(cause: unknown) {
    super(
      `PostgreSQL lets Stipend open no session (${reasonOf(cause)}): does it run, and is STIPEND_DATABASE_URL right?`,
      {
        cause,
      },
    );
  }
}

/** A host with several addresses fails with one error for each, and no words of its own. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join('; ');
  return cause instanceof Error ? cause.message : String(cause);
}

/** Advisory locks are numbered per database; ours begin with the letters `Stip`. */
const MIGRATION_LOCK = [0x53746970, 1] as const;
const VERSION_LEAST = 15;

/**
 * Runs every step the database lacks and returns their names; with none, an empty list. Of several at once one
 * migrates and the others wait for it. Throws DatabaseUnreachable when there is no session to be had, and UnfitDatabase
 * when the server is too old, does not store UTF-8, lets this role make no tables, or was migrated by a newer Stipend; a
 * step that fails leaves the database as it was before that step.
 */
export async function migrate(connection: string, migrations = MIGRATIONS): Promise<readonly string[]> {
  // A connection of its own and no time limits: a step over a large table may take as long as it needs.
  const pool = new pg.Pool({ ...sessionConfig(connection), max: 1 });
  surviveCuts(pool);
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    await requireSession(pool);
    return await kysely.connection().execute(async (db) => {
      await requireFit(db);
      await sql`SELECT pg_advisory_lock(${MIGRATION_LOCK[0]}::int, ${MIGRATION_LOCK[1]}::int)`.execute(db);
      await sql`CREATE TABLE IF NOT EXISTS schema_migration (
        name text PRIMARY KEY,
        applied_at timestamptz NOT NULL DEFAULT now()
      )`.execute(db);
      return await runPending(db, migrations);
    });
  } finally {
    // Ends the session, and with it the lock.
    await pool.end();
  }
}

async function requireSession(pool: pg.Pool): Promise<void> {
  try {
    (await pool.connect()).release();
  } catch (cause) {
    throw new DatabaseUnreachable(cause);
  }
}

async function requireFit(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ version: number; encoding: string; role: string; mayCreate: boolean | null }>`
    SELECT current_setting('server_version_num')::int / 10000 AS version,
           current_setting('server_encoding') AS encoding,
           current_user::text AS role,
           has_schema_privilege(current_schema(), 'CREATE') AS "mayCreate"`.execute(db);
  const [server] = rows;
  if (!server || server.version < VERSION_LEAST) {
    throw new UnfitDatabase(
      `Stipend needs PostgreSQL ${VERSION_LEAST} or later; the server at STIPEND_DATABASE_URL is ${server?.version}.`,
    );
  }
  if (server.encoding !== 'UTF8') {
    throw new UnfitDatabase(
      `Stipend needs a database with encoding UTF8; this one has ${server.encoding}. Create it with ENCODING 'UTF8' TEMPLATE template0.`,
    );
  }
  if (!server.mayCreate) {
    throw new UnfitDatabase(
      `The role ${server.role} may create no tables in this database. Make it the owner: ALTER DATABASE … OWNER TO ${server.role}.`,
    );
  }
}

async function runPending(db: Kysely<unknown>, migrations: readonly Migration[]): Promise<readonly string[]> {
  const { rows: applied } = await sql<{ name: string }>`
    SELECT name FROM schema_migration ORDER BY name COLLATE "C"`.execute(db);
  for (const [index, { name }] of applied.entries()) {
    if (migrations[index]?.name === name) continue;
    throw new UnfitDatabase(
      `This database was migrated by a newer Stipend (it has ${name}; this one knows ${migrations.at(-1)?.name ?? 'none'} and before). Start that version, or restore a backup from before the upgrade. Nothing was changed.`,
    );
  }
  const pending = migrations.slice(applied.length);
  for (const { name, up } of pending) {
    await db.transaction().execute(async (transaction) => {
      await up(transaction);
      await sql`INSERT INTO schema_migration (name) VALUES (${name})`.execute(transaction);
    });
  }
  return pending.map(({ name }) => name);
}
