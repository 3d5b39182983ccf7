import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { allServers, emptyDatabase, type FreshDatabase } from './fresh-database.ts';

describe.each(allServers())('a database on $name', (server) => {
  let fresh: FreshDatabase;
  let database: Database;
  const lost: Error[] = [];

  beforeAll(async () => {
    fresh = await emptyDatabase(server);
    database = openDatabase({
      connection: fresh.connection,
      statementTimeoutMs: 1_000,
      onConnectionLost: (cause) => lost.push(cause),
    });
  });

  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  const one = async (expression: string) => (await database.pool.query(`SELECT ${expression} AS x`)).rows[0]?.x;

  it.each([
    ['9223372036854775807::bigint', 9223372036854775807n],
    ['count(*)', 1n],
    ['99999999999999999999999999999999999999::numeric(38,0)', 99999999999999999999999999999999999999n],
    ['(SELECT sum(x) FROM (VALUES (9223372036854775807), (1)) AS t(x))', 9223372036854775808n],
    ['0.1::numeric', '0.1'],
    ["'NaN'::numeric", 'NaN'],
    ["date '2024-02-29'", '2024-02-29'],
    ["current_setting('TimeZone')", 'UTC'],
    ["timestamptz '2024-01-01 00:00+00'", new Date('2024-01-01T00:00:00Z')],
    ['ARRAY[1, NULL, 9007199254740993]::bigint[]', [1n, null, 9007199254740993n]],
    ['ARRAY[0.1, 12345678901234567890]::numeric[]', ['0.1', 12345678901234567890n]],
    ["ARRAY[date '2024-02-29']", ['2024-02-29']],
  ])('returns %s exactly', async (expression, value) => expect(await one(expression)).toEqual(value));

  it('takes bigints as parameters, alone and in arrays', async () => {
    const { rows } = await database.pool.query('SELECT $1::bigint AS one, $2::numeric[] AS several', [
      9007199254740993n,
      [1n, 12345678901234567890n],
    ]);
    expect(rows).toEqual([{ one: 9007199254740993n, several: [1n, 12345678901234567890n] }]);
  });

  it('ends a statement that runs too long', async () => {
    await expect(one('pg_sleep(30)')).rejects.toThrow(/statement timeout/);
  });

  it('lives on when the server cuts an idle connection', async () => {
    const client = await database.pool.connect();
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    client.release();
    const removed = new Promise<void>((resolve) => database.pool.once('remove', () => resolve()));
    const other = openDatabase({ connection: fresh.connection });
    await other.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await other.close();
    await removed;
    expect(lost).toHaveLength(1);
    expect(await one('1')).toBe(1);
  });
});

it('a connection that is cut while the pool closes is not told as lost', async () => {
  const lost: Error[] = [];
  const database = openDatabase({
    connection: 'postgresql://nobody@127.0.0.1:1/nothing',
    onConnectionLost: (cause) => lost.push(cause),
  });
  const closing = database.close();
  // As pg-pool does when it still holds a connection that the server cuts.
  database.pool.emit('error', new Error('terminating connection due to administrator command'));
  await closing;
  expect(lost).toEqual([]);
});

describe('a database that is not there', () => {
  it('says so at the first query, and not by hanging', async () => {
    const database = openDatabase({ connection: 'postgresql://nobody@127.0.0.1:1/nothing' });
    await expect(database.pool.query('SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
    await database.close();
  });
});
