import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { migrate } from '../../src/store/migrate.ts';
import type { TestServer } from './servers.ts';

export interface FreshDatabase {
  /** A libpq URL. */
  readonly connection: string;
  drop(): Promise<void>;
}

/** Every server of the run; suites of the store say `describe.each(allServers())('on $name', …)`. */
export function allServers(): readonly TestServer[] {
  return inject('servers');
}

/** The server for suites that are not about the store: the embedded one, as the product starts it. */
export function embeddedServer(): TestServer {
  const [embedded] = allServers();
  if (!embedded) throw new Error('the run started no servers');
  return embedded;
}

/** A database of one's own, with the product's schema. */
export async function freshDatabase(server: TestServer = embeddedServer()): Promise<FreshDatabase> {
  const database = await emptyDatabase(server);
  await migrate(database.connection);
  return database;
}

/** A database with nothing in it. */
export async function emptyDatabase(server: TestServer, options = ''): Promise<FreshDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await run(server.connection, `CREATE DATABASE ${name} ${options}`);
  return {
    connection: server.connection.replace(/\/(stipend|postgres)(?=$|\?)/, `/${name}`),
    drop: () => run(server.superuser, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function run(connectionString: string, statement: string): Promise<void> {
  const session = new pg.Client({ connectionString });
  await session.connect();
  try {
    await session.query(statement);
  } finally {
    await session.end();
  }
}
