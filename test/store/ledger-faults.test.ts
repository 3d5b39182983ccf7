/** What goes wrong around the ledger, on every database: nothing is booked twice, lost, or charged to another. */
import { describe, expect, it } from 'vitest';
import { nano } from '../../src/core/money/amount.ts';
import { openDatabase } from '../../src/store/database.ts';
import { IDS } from '../../src/store/ids.ts';
import { openLedger } from '../../src/store/ledger/ledger.ts';
import { allServers } from './fresh-database.ts';
import { CALL, holdOf, ledgerFor, said, settleOf } from './ledger-on.ts';

const away = { refusal: { code: 'store_unavailable', retryAfterSeconds: expect.any(Number) } };

it('a database that is not there is told promptly, in words for the caller', async () => {
  const database = openDatabase({ connection: 'postgresql://nobody:x@127.0.0.1:1/none' });
  const ledger = openLedger(database.pool, { patienceMs: 0, restMs: 0 });
  await expect(ledger.commit(holdOf('1', 1))).rejects.toMatchObject(away);
  await expect(ledger.balance('1')).rejects.toMatchObject(away);
  await expect(ledger.verify()).rejects.toMatchObject(away);
  await ledger.close();
  await database.close();
});

describe.each(allServers())('on $name', (server) => {
  const on = ledgerFor(server);
  const run = async (sql: string): Promise<void> => void (await on().database.pool.query(sql));

  /** Makes the database itself refuse or fail what a hold's principal says, as a constraint or a fault would. */
  const troubleFor = async (principal: string, sqlstate: string, times: number): Promise<void> => {
    await run(`CREATE SEQUENCE trouble_${principal}`);
    await run(`CREATE FUNCTION trouble_${principal}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF nextval('trouble_${principal}') <= ${times} THEN RAISE EXCEPTION 'trouble' USING ERRCODE = '${sqlstate}'; END IF;
      RETURN NEW; END $$`);
    await run(`CREATE TRIGGER trouble_${principal} BEFORE INSERT ON hold FOR EACH ROW
      WHEN (NEW.principal_id = '${principal}') EXECUTE FUNCTION trouble_${principal}()`);
  };

  it('one operation that the database will not take fails alone, and those beside it are booked', async () => {
    await troubleFor('poison', '23514', 1_000);
    const account = await on().account(1_000);
    const operations = Array.from({ length: 40 }, (_, index) => ({
      ...holdOf(account, 1),
      call: { ...CALL, principalId: index === 17 ? 'poison' : 'p' },
    }));
    const results = await Promise.allSettled(operations.map((operation) => on().commit(operation)));
    expect(results.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([17]);
    expect(results[17]).toMatchObject({ reason: away });
    expect(await on().balance(account)).toMatchObject({ held: 39n, available: 961n });
  });

  it.each(['40001', '40P01'])('a transaction that ends with %s is tried again and booked once', async (sqlstate) => {
    const principal = `again_${sqlstate.toLowerCase()}`;
    await troubleFor(principal, sqlstate, 3);
    const account = await on().account(10);
    const hold = { ...holdOf(account, 4), call: { ...CALL, principalId: principal } };
    expect(said(await on().commit(hold))).toBe('posted');
    expect(await on().balance(account)).toMatchObject({ held: 4n, available: 6n });
  });

  it('connections that are cut in the middle lose nothing that was answered and book nothing twice', async () => {
    const account = await on().account(100_000);
    const replica = on().replica({ batchMost: 8, restMs: 1, patienceMs: 30_000 });
    let next = Promise.withResolvers<void>();
    const calls = Array.from({ length: 400 }, async () => {
      const hold = holdOf(account, 5);
      const held = await replica.ledger.commit(hold);
      const settled = await replica.ledger.commit(settleOf(hold.id, 3));
      next.resolve();
      return held.ok && settled.ok;
    });
    let working = true;
    const work = Promise.all(calls).finally(() => {
      working = false;
    });
    while (working) {
      next = Promise.withResolvers<void>();
      await run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()`);
      await Promise.race([next.promise, work]);
    }
    expect(new Set(await work)).toEqual(new Set([true]));
    expect(await on().balance(account)).toMatchObject({ spent: 1_200n, held: 0n, available: 98_800n });
    expect(await on().ledger.verify()).toMatchObject({ ok: true, openHolds: expect.any(Number), findings: [] });
    await replica.close();
  });

  it('while it is away calls are refused, and when it is back they are booked, by the same ledger', async () => {
    const account = await on().account(100);
    const replica = on().replica({ patienceMs: 0, restMs: 0 });
    const name = new URL(on().fresh.connection.replace(/^postgresql:\/\/[^@/]*@?\//, 'postgresql://x/')).pathname.slice(
      1,
    );
    const outside = openDatabase({ connection: server.connection });
    expect(said(await replica.ledger.commit(holdOf(account, 1)))).toBe('posted');
    await outside.pool.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await outside.pool.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    await expect(replica.ledger.commit(holdOf(account, 1))).rejects.toMatchObject(away);
    await outside.pool.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    expect(said(await replica.ledger.commit(holdOf(account, 1)))).toBe('posted');
    await replica.close();
    await outside.close();
  });

  it('what cannot be an operation is refused before it is sent, and stops nobody else', async () => {
    const account = await on().account(100);
    const bad = [
      holdOf(account, -1),
      { ...holdOf(account, 1), amount: nano(2n ** 63n) },
      { ...holdOf(account, 1), id: "'; DROP TABLE hold" },
      holdOf('not an account', 1),
    ];
    const results = await Promise.allSettled([...bad, holdOf(account, 1)].map((operation) => on().commit(operation)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected', 'fulfilled']);
    expect(results[0]).toMatchObject({ reason: { refusal: { code: 'invalid' } } });
  });

  it('a ledger that is closed ends what it took and takes nothing more', async () => {
    const account = await on().account(100);
    const replica = on().replica();
    const taken = [1, 2, 3].map(() => replica.ledger.commit(holdOf(account, 1)));
    await replica.close();
    expect((await Promise.all(taken)).map(said)).toEqual(['posted', 'posted', 'posted']);
    await expect(replica.ledger.commit(holdOf(account, 1, { id: IDS.fresh() }))).rejects.toMatchObject(away);
  });
});
