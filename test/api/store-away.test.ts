import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { embeddedServer, type FreshDatabase, freshDatabase } from '../store/fresh-database.ts';
import { type Stage, somebody, startStage } from './stage.ts';

let fresh: FreshDatabase;
let stage: Stage;
let server: pg.Client;

beforeAll(async () => {
  fresh = await freshDatabase();
  stage = await startStage(fresh);
  server = new pg.Client({ connectionString: embeddedServer().connection });
  await server.connect();
});

afterAll(async () => {
  await server.end();
  await stage.stop();
  await fresh.drop();
});

it('while the store is away everything is refused with a time to come again, and afterwards all is as it was', async () => {
  const { id: personId } = await stage.make('/people', somebody());
  const { key } = await stage.make('/keys', { personId, name: 'k' });
  const [name = ''] = /test_\w+/.exec(fresh.connection) ?? [];
  await server.query(`ALTER DATABASE ${name} CONNECTION LIMIT 0`);
  await server.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
  const question = { body: somebody(), headers: { 'idempotency-key': 'while-it-is-away' } };
  for (const answer of [
    await stage.ask('GET', '/people'),
    await stage.ask('POST', '/people', question),
    await stage.ask('GET', `/people/${personId}/balance`),
    await stage.ask('GET', '/ledger/verify'),
    await stage.ask('GET', '/me', { key: String(key) }),
  ]) {
    expect(answer).toMatchObject({
      status: 503,
      headers: { 'retry-after': expect.stringMatching(/^\d+$/), 'x-should-retry': 'true' },
      body: { code: 'store_unavailable' },
    });
    expect(answer.text).not.toContain(name);
  }
  await server.query(`ALTER DATABASE ${name} CONNECTION LIMIT -1`);
  expect((await stage.ask('POST', '/people', question)).status).toBe(201);
  expect((await stage.ask('GET', '/me', { key: String(key) })).status).toBe(200);
  expect((await stage.ask('GET', '/ledger/verify')).body['ok']).toBe(true);
});
