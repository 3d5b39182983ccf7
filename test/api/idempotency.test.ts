import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../store/fresh-database.ts';
import { type Stage, somebody, startStage, usd } from './stage.ts';

let fresh: FreshDatabase;
let stages: readonly Stage[];
let stage: Stage;
let personId: unknown;

beforeAll(async () => {
  fresh = await freshDatabase();
  stage = await startStage(fresh);
  stages = [stage, await startStage(fresh)];
});

beforeEach(async () => {
  ({ id: personId } = await stage.make('/people', somebody()));
});

afterAll(async () => {
  expect(stages.flatMap(({ logged }) => logged)).toEqual([]);
  expect((await stage.ask('GET', '/ledger/verify')).body).toMatchObject({ ok: true });
  await Promise.all(stages.map((each) => each.stop()));
  await fresh.drop();
});

let keys = 0;
const freshIdempotencyKey = () => {
  keys += 1;
  return { 'idempotency-key': `attempt-${keys}` };
};

describe('one Idempotency-Key', () => {
  it('with the same body fifty times at once, over two processes, has one effect and the same answer', async () => {
    const headers = freshIdempotencyKey();
    const body = { personId, amount: usd('10'), effectiveOn: '2026-01-01' };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => stages[at % 2]?.ask('POST', '/grants', { body, headers })),
    );
    expect(new Set(answers.map((answer) => answer?.status))).toEqual(new Set([201]));
    expect(new Set(answers.map((answer) => answer?.text)).size).toBe(1);
    const { body: balance } = await stage.ask('GET', `/people/${personId}/balance`);
    expect(balance).toMatchObject({ granted: usd('10.00'), available: usd('10.00') });
  });

  it('shows a key again to who made it', async () => {
    const headers = freshIdempotencyKey();
    const body = { personId, name: 'laptop' };
    const first = await stage.ask('POST', '/keys', { body, headers });
    const again = await stages[1]?.ask('POST', '/keys', { body, headers });
    expect(again?.text).toBe(first.text);
    expect((await stage.ask('GET', '/me', { key: String(first.body['key']) })).status).toBe(200);
  });

  it('with another body, or for another thing, is refused', async () => {
    const headers = freshIdempotencyKey();
    await stage.make('/people', somebody(), headers);
    const other = await stage.ask('POST', '/people', { body: somebody(), headers });
    expect(other).toMatchObject({ status: 422, body: { code: 'unprocessable' } });
    const elsewhere = await stage.ask('POST', '/pools', { body: { name: 'P' }, headers });
    expect(elsewhere.status).toBe(422);
  });

  it('of another administrator is another', async () => {
    const headers = freshIdempotencyKey();
    const { key } = await stage.make('/admins', { name: 'Grace' });
    await stage.make('/people', somebody(), headers);
    const theirs = await stage.ask('POST', '/people', { key: String(key), body: somebody(), headers });
    expect(theirs.status).toBe(201);
  });

  it('that was refused stays refused, when it would pass by now too', async () => {
    const headers = freshIdempotencyKey();
    const pool = await stage.make('/pools', { name: `Pool ${keys}` });
    const body = { personId, poolId: pool['id'], amount: usd('1'), effectiveOn: '2026-01-01' };
    const first = await stage.ask('POST', '/grants', { body, headers });
    expect(first.status).toBe(402);
    await stage.make(`/pools/${pool['id']}/fundings`, { amount: usd('5'), effectiveOn: '2026-01-01' });
    const again = await stage.ask('POST', '/grants', { body, headers });
    expect([again.status, again.text]).toEqual([402, first.text]);
    expect((await stage.ask('POST', '/grants', { body })).status).toBe(201);
  });

  it('whose answer was lost in a crash is answered by one effect, its key by a text that works', async () => {
    const grant = { body: { personId, amount: usd('3'), effectiveOn: '2026-01-01' }, headers: freshIdempotencyKey() };
    const key = { body: { personId, name: 'laptop' }, headers: freshIdempotencyKey() };
    const [granted, made] = [await stage.ask('POST', '/grants', grant), await stage.ask('POST', '/keys', key)];
    // As if the process had died between the effect and the answer, and its lease had run out since.
    await stage.database.pool.query('UPDATE operation SET sealed_answer = NULL, lease_until = now()');
    await stage.database.pool.query("UPDATE budget_grant SET state = 'pending' WHERE id = $1", [granted.body['id']]);
    const regranted = await stages[1]?.ask('POST', '/grants', grant);
    const remade = await stages[1]?.ask('POST', '/keys', key);
    expect(regranted?.body).toEqual(granted.body);
    expect((await stage.ask('GET', `/people/${personId}/balance`)).body).toMatchObject({ granted: usd('3.00') });
    expect(remade?.body['id']).toBe(made.body['id']);
    expect((await stage.ask('GET', '/me', { key: String(remade?.body['key']) })).status).toBe(200);
    expect((await stage.ask('GET', `/keys?personId=${personId}`)).body).toMatchObject({ items: [{ name: 'laptop' }] });
  });

  it('is not needed, and what was not valid may be sent again under the same', async () => {
    const headers = freshIdempotencyKey();
    expect((await stage.ask('POST', '/people', { body: {}, headers })).status).toBe(422);
    await stage.make('/people', somebody(), headers);
    await stage.make('/people', somebody());
  });
});
