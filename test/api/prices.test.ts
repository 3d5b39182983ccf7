import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../store/fresh-database.ts';
import { type Stage, startStage } from './stage.ts';

let fresh: FreshDatabase;
let stage: Stage;
let other: Stage;
let second: string;

beforeAll(async () => {
  fresh = await freshDatabase();
  stage = await startStage(fresh);
  other = await startStage(fresh);
  second = String((await stage.make('/admins', { name: 'Grace' }))['key']);
});

afterAll(async () => {
  await Promise.all([stage.stop(), other.stop()]);
  await fresh.drop();
});

const launched = {
  provider: 'anthropic',
  model: 'claude-launched-today',
  contextTokensMost: 200_000,
  outputTokensMost: 64_000,
  rates: [{ perToken: { input: 20_000_000, output: 100_000_000 } }],
  provisional: true,
  effectiveOn: '2026-01-01',
  reason: 'launch day, at a ceiling',
};

async function inForce(of: Stage): Promise<{ readonly id: unknown; readonly models: readonly unknown[] }> {
  const { body } = await of.ask('GET', '/price-sheets/current');
  const { id, models } = body;
  return { id, models: Array.isArray(models) ? models : [] };
}

describe('prices', () => {
  it('are listed, and the sheet in force is shown', async () => {
    const { body } = await stage.ask('GET', '/price-sheets');
    const { id, models } = await inForce(stage);
    expect(body['items']).toContainEqual(expect.objectContaining({ id, inForce: true, models: models.length }));
    expect((await stage.ask('GET', `/price-sheets/${id}`)).body['id']).toBe(id);
  });

  it('change when a second administrator approves, in every process, under an id of their own', async () => {
    const before = await inForce(other);
    const proposed = await stage.make('/price-overrides', launched);
    expect(proposed).toMatchObject({ state: 'proposed', proposedBy: 'operator', prices: { provisional: true } });
    const approve = `/price-overrides/${proposed['id']}/approve`;
    const alone = await stage.ask('POST', approve);
    expect([alone.status, alone.body['code']]).toEqual([403, 'policy_denied']);
    expect((await inForce(other)).id).toBe(before.id);

    const approved = await stage.ask('POST', approve, { key: second });
    expect(approved.body).toMatchObject({ state: 'approved', decidedBy: 'Grace' });
    await expect.poll(async () => (await inForce(other)).id).toBe(`${before.id}+1`);
    expect((await inForce(other)).models).toContainEqual(
      expect.objectContaining({ model: 'claude-launched-today', provisional: true }),
    );
    expect((await stage.ask('POST', `/price-overrides/${proposed['id']}/withdraw`)).status).toBe(409);
  });

  it('that could not be applied are refused, and those that were withdrawn never count', async () => {
    const free = { ...launched, rates: [{ perToken: { input: 0, output: 0 } }] };
    expect((await stage.ask('POST', '/price-overrides', { body: free })).body).toMatchObject({
      status: 422,
      problems: [{ pointer: '/rates' }],
    });
    const before = await inForce(stage);
    const proposed = await stage.make('/price-overrides', { ...launched, model: 'never' });
    await stage.ask('POST', `/price-overrides/${proposed['id']}/withdraw`);
    const late = await stage.ask('POST', `/price-overrides/${proposed['id']}/approve`, { key: second });
    expect(late.status).toBe(409);
    expect((await inForce(stage)).id).toBe(before.id);
    const listed = (await stage.ask('GET', '/price-overrides')).body['items'];
    expect(listed).toMatchObject([{ state: 'approved' }, { state: 'withdrawn', reason: launched.reason }]);
  });
});
