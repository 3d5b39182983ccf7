import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunOnce } from '../../src/app/operations/run-once.ts';
import type { AskedOnce, Operations } from '../../src/app/ports/operations.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { ensureInstallation, type Installation } from '../../src/store/installation.ts';
import { openOperations } from '../../src/store/operations.ts';
import { allServers, type FreshDatabase, freshDatabase } from './fresh-database.ts';

const asked: AskedOnce = {
  caller: 'admin 1',
  idempotencyKey: 'its-own-key',
  route: 'POST /keys',
  body: '{"name":"k"}',
};
const answer = { status: 201, body: '{"key":"stp_live_secret"}' };

describe.each(allServers())('repeated requests on $name', (server) => {
  let fresh: FreshDatabase;
  let database: Database;
  let installation: Installation;
  let operations: Operations;

  beforeEach(async () => {
    fresh = await freshDatabase(server);
    database = openDatabase({ connection: fresh.connection });
    installation = await ensureInstallation(database.pool);
    operations = openOperations(database.pool, installation.pepper);
  });

  afterEach(async () => {
    await database.close();
    await fresh.drop();
  });

  it('from five processes with ten repeats each have one effect and the same answer', async () => {
    let effects = 0;
    const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
    const processes = Array.from(
      { length: 5 },
      () => new RunOnce(openOperations(database.pool, installation.pepper), pause),
    );
    const answers = await Promise.all(
      processes.flatMap((each) =>
        Array.from({ length: 10 }, () =>
          each.answer(asked, async (id) => {
            effects += 1;
            return { status: 201, body: JSON.stringify({ id, effects }) };
          }),
        ),
      ),
    );
    expect(effects).toBe(1);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  });

  it('with another route or body are told apart, and of another caller are others', async () => {
    await operations.begin(asked);
    expect(await operations.begin({ ...asked, route: 'POST /people' })).toEqual({ state: 'other', differs: 'route' });
    expect(await operations.begin({ ...asked, body: '{}' })).toEqual({ state: 'other', differs: 'body' });
    expect(await operations.begin({ ...asked, caller: 'admin 2' })).toMatchObject({ state: 'begun' });
  });

  it('left by a crash begin again with the same id, and who was taken over has no say', async () => {
    const first = await operations.begin(asked);
    expect(await operations.begin(asked)).toEqual({ state: 'running' });
    await database.pool.query("UPDATE operation SET lease_until = now() - interval '1 second'");
    const second = await operations.begin(asked);
    expect(second).toEqual({ ...first, attempt: 2 });
    expect(await operations.answer(asked, 1, { status: 201, body: 'of the dead' })).toBe(false);
    expect(await operations.answer(asked, 2, answer)).toBe(true);
    expect(await operations.begin(asked)).toEqual({ state: 'answered', answer });
  });

  it('that were given back begin at once', async () => {
    await operations.begin(asked);
    await operations.release(asked, 1);
    expect(await operations.begin(asked)).toMatchObject({ state: 'begun', attempt: 2 });
  });

  it('leave neither the answer nor the key of the caller at rest', async () => {
    await operations.begin(asked);
    await operations.answer(asked, 1, answer);
    const { rows } = await database.pool.query<{ row: string }>(
      "SELECT operation::text || encode(sealed_answer, 'escape') AS row FROM operation",
    );
    const [{ row } = { row: '' }] = rows;
    expect(row).not.toContain('stp_live_secret');
    expect(row).not.toContain('its-own-key');
    expect(row).not.toContain(Buffer.from('stp_live_secret').toString('hex'));
  });
});
