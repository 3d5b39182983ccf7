import { afterAll, beforeAll, expect, it } from 'vitest';
import { finishPromises } from '../../src/app/grants/finish-promises.ts';
import type { Ledger } from '../../src/app/ports.ts';
import { nano } from '../../src/core/money/amount.ts';
import { instant } from '../../src/core/time/instant.ts';
import { IDS } from '../../src/store/ids.ts';
import { type Stage, somebody, startStage, usd } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});

afterAll(() => stage.stop());

const finish = () => finishPromises({ ...stage.stores, ledger: stage.ledger, ids: IDS, whereToAsk: 'the people team' });

/** As a process leaves it that dies right after it has promised. */
async function promised(personId: string, poolId?: string): Promise<string> {
  const id = IDS.fresh();
  const term = { effectiveOn: '2026-01-01', effectiveAt: instant(Date.parse('2026-01-01')) };
  const of = poolId === undefined ? {} : { poolId };
  await stage.stores.grants.keep({ id, personId, amount: nano(5_000_000_000n), priority: 100, ...term, ...of });
  await stage.database.pool.query("UPDATE budget_grant SET created_at = now() - interval '2 minutes' WHERE id = $1", [
    id,
  ]);
  return id;
}

it('a grant that was promised and not posted is posted once, in both books', async () => {
  const personId = String((await stage.make('/people', somebody()))['id']);
  const id = await promised(personId);
  expect(await finish()).toBe(1);
  await stage.database.pool.query("UPDATE budget_grant SET state = 'pending' WHERE id = $1", [id]);
  expect(await finish()).toBe(1);
  expect(await finish()).toBe(0);
  expect((await stage.ask('GET', `/grants/${id}`)).body).toMatchObject({ state: 'active' });
  for (const book of ['live', 'test']) {
    const { body } = await stage.ask('GET', `/people/${personId}/balance?book=${book}`);
    expect(body).toMatchObject({ granted: usd('5.00'), available: usd('5.00') });
  }
});

it('a grant that its pool does not cover any more is dropped', async () => {
  const personId = String((await stage.make('/people', somebody()))['id']);
  const { id: poolId } = await stage.make('/pools', { name: 'empty' });
  const id = await promised(personId, String(poolId));
  expect(await finish()).toBe(0);
  expect((await stage.ask('GET', `/grants/${id}`)).status).toBe(404);
});

it('one that cannot be finished keeps no other from it, and is told', async () => {
  const personId = String((await stage.make('/people', somebody()))['id']);
  const [stuck, other] = [await promised(personId), await promised(personId)];
  const ledger: Ledger = {
    ...stage.ledger,
    commit: (operation) =>
      operation.kind === 'grant' && operation.grantId === stuck
        ? Promise.reject(new Error('stuck'))
        : stage.ledger.commit(operation),
  };
  const failed = finishPromises({ ...stage.stores, ledger, ids: IDS, whereToAsk: 'the people team' });
  await expect(failed).rejects.toMatchObject({ errors: [{ message: 'stuck' }] });
  expect((await stage.stores.grants.find(other))?.state).toBe('active');
  expect(await finish()).toBe(1);
});

it('a grant that is just being posted is left to the request that posts it', async () => {
  const personId = String((await stage.make('/people', somebody()))['id']);
  const id = await promised(personId);
  await stage.database.pool.query('UPDATE budget_grant SET created_at = now() WHERE id = $1', [id]);
  expect(await finish()).toBe(0);
  expect((await stage.stores.grants.find(id))?.state).toBe('pending');
});

it('a funding that was promised and not posted is posted', async () => {
  const { id: poolId } = await stage.make('/pools', { name: 'work' });
  const id = IDS.fresh();
  const term = { effectiveOn: '2026-01-01', effectiveAt: instant(Date.parse('2026-01-01')) };
  await stage.stores.fundings.keep({ id, poolId: String(poolId), amount: nano(1n), ...term });
  await stage.database.pool.query("UPDATE pool_funding SET created_at = now() - interval '2 minutes'");
  expect(await finish()).toBe(1);
  expect((await stage.ask('GET', `/pools/${poolId}/balance`)).body).toMatchObject({ available: usd('0.000000001') });
});
