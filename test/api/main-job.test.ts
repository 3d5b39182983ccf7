import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stage, somebody, startStage, usd } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});

afterAll(async () => {
  expect(stage.logged).toEqual([]);
  expect((await stage.ask('GET', '/ledger/verify')).body).toMatchObject({ ok: true, openHolds: 0, findings: [] });
  await stage.stop();
});

/** A balance as decimal texts by name. */
async function balanceOf(path: string, query = ''): Promise<Readonly<Record<string, string>>> {
  const { status, body } = await stage.ask('GET', `${path}/balance${query}`);
  expect(status).toBe(200);
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      typeof value === 'object' ? String(value['amount']) : String(value),
    ]),
  );
}

describe('the main job', () => {
  it('grants half of a base salary, exactly, in both books', async () => {
    const person = await stage.make('/people', somebody({ baseSalary: usd('500000'), fte: 0.8, level: 'L5' }));
    const grant = await stage.make('/grants', {
      personId: person['id'],
      percentOfBase: 50,
      effectiveOn: '2026-01-01',
      expiresOn: '2099-01-01',
    });
    expect(grant).toMatchObject({
      state: 'active',
      amount: usd('250000.00'),
      percentOfBase: '50',
      baseSalary: usd('500000.00'),
    });
    for (const book of ['live', 'test']) {
      expect(await balanceOf(`/people/${person['id']}`, `?book=${book}`)).toMatchObject({
        book,
        granted: '250000.00',
        vested: '250000.00',
        available: '250000.00',
        unvested: '0.00',
        spent: '0.00',
      });
    }
  });

  it('shows a balance as of the past and the future', async () => {
    const { id } = await stage.make('/people', somebody());
    await stage.make('/grants', {
      personId: id,
      amount: usd('10'),
      effectiveOn: '2090-01-01',
      expiresOn: '2091-01-01',
    });
    const path = `/people/${id}`;
    expect(await balanceOf(path)).toMatchObject({ granted: '10.00', unvested: '10.00', available: '0.00' });
    expect(await balanceOf(path, '?asOf=2090-01-01')).toMatchObject({ unvested: '0.00', available: '10.00' });
    expect(await balanceOf(path, '?asOf=2091-01-01T00:00:00Z')).toMatchObject({ available: '0.00', expired: '10.00' });
    expect(await balanceOf(path, '?asOf=2000-01-01')).toMatchObject({ granted: '0.00' });
  });

  it('takes over a grant that ended before, as expired', async () => {
    const { id } = await stage.make('/people', somebody());
    await stage.make('/grants', {
      personId: id,
      amount: usd('10'),
      effectiveOn: '2026-01-01',
      expiresOn: '2026-01-02',
      rollover: { most: usd('4') },
    });
    expect(await balanceOf(`/people/${id}`)).toMatchObject({
      granted: '10.00',
      vested: '10.00',
      expired: '6.00',
      available: '4.00',
      spent: '0.00',
    });
  });

  it('gives from a pool what is in it and not a nano-dollar more', async () => {
    const pool = await stage.make('/pools', { name: 'Research' });
    const { id: personId } = await stage.make('/people', somebody());
    await stage.make(`/pools/${pool['id']}/fundings`, { amount: usd('100') });
    const grant = { personId, poolId: pool['id'], effectiveOn: '2026-01-01' };
    const tooMuch = await stage.ask('POST', '/grants', { body: { ...grant, amount: usd('100.000000001') } });
    expect(tooMuch).toMatchObject({
      status: 402,
      body: { code: 'budget_exhausted', budget: { left: usd('100.00'), whereToAsk: 'the people team' } },
    });
    expect((await stage.ask('GET', `/grants?personId=${personId}`)).body['items']).toEqual([]);
    await stage.make('/grants', { ...grant, amount: usd('100') });
    expect(await balanceOf(`/pools/${pool['id']}`, '?book=live')).toMatchObject({ available: '0.00' });
    expect(await balanceOf(`/people/${personId}`)).toMatchObject({ available: '100.00' });
  });

  it('makes a key that may see its holder and nothing else', async () => {
    const { id: personId, email } = await stage.make('/people', somebody());
    await stage.make('/grants', { personId, amount: usd('3'), effectiveOn: '2026-01-01' });
    const made = await stage.make('/keys', { personId, name: 'laptop', limits: { models: ['claude-opus-5'] } });
    const key = String(made['key']);
    expect(key).toMatch(/^stp_live_[0-9A-Za-z]{60}$/);
    expect((await stage.ask('GET', '/me', { key })).body).toMatchObject({
      kind: 'person',
      person: { id: personId, email },
      balance: { available: usd('3.00') },
      keyId: made['id'],
      keys: [{ id: made['id'], name: 'laptop', funding: [{ grants: true }], limits: { models: ['claude-opus-5'] } }],
    });
    expect((await stage.ask('GET', `/people/${personId}/balance`, { key })).status).toBe(200);
    expect((await stage.ask('GET', '/usage', { key })).body).toEqual({ items: [], nextCursor: null });
    const listed = await stage.ask('GET', `/keys?personId=${personId}`);
    expect(listed.text).not.toContain(key);
  });

  it('ends a key at once when it is revoked, and with its holder', async () => {
    const { id: personId } = await stage.make('/people', somebody());
    const one = await stage.make('/keys', { personId, name: 'one' });
    const two = await stage.make('/keys', { personId, name: 'two' });
    const typed = { headers: { 'content-type': 'application/json' } };
    const ended = await stage.ask('DELETE', `/keys/${one['id']}`, typed);
    expect(ended.body).toMatchObject({ revokedAt: expect.any(String) });
    await stage.ask('PATCH', `/people/${personId}`, { body: { status: 'suspended' } });
    for (const { key } of [one, two]) {
      await expect
        .poll(async () => (await stage.ask('GET', '/me', { key: String(key) })).body['code'])
        .toBe('key_revoked');
    }
    await stage.ask('PATCH', `/people/${personId}`, { body: { status: 'active' } });
    await expect.poll(async () => (await stage.ask('GET', '/me', { key: String(two['key']) })).status).toBe(200);
  });

  it('lets a service spend from the pool that owns it', async () => {
    const pool = await stage.make('/pools', { name: 'Continuous integration' });
    await stage.make(`/pools/${pool['id']}/fundings`, { amount: usd('7'), effectiveOn: '2026-01-01' });
    const { id: stewardId } = await stage.make('/people', somebody());
    const service = await stage.make('/services', { name: 'ci', poolId: pool['id'], stewardId });
    const key = await stage.make('/keys', { serviceId: service['id'], name: 'runner' });
    expect(key['funding']).toEqual([{ poolId: pool['id'] }]);
    expect((await stage.ask('GET', '/me', { key: String(key['key']) })).body).toMatchObject({
      kind: 'service',
      service: { name: 'ci', stewardId },
      balance: { available: usd('7.00') },
    });
  });

  it('holds and settles what does not pass the gateway, once for its own id', async () => {
    const { id: personId } = await stage.make('/people', somebody());
    await stage.make('/grants', { personId, amount: usd('10'), effectiveOn: '2026-01-01' });
    const asked = { personId, upperBound: usd('4'), source: 'batch', externalId: '1', lease: 600, model: 'own-model' };
    const hold = await stage.make('/holds', asked);
    expect(hold).toMatchObject({ state: 'held', book: 'live', amount: usd('4.00'), available: usd('6.00') });
    expect(await stage.make('/holds', asked)).toMatchObject({ id: hold['id'], repeated: true });
    const other = await stage.ask('POST', '/holds', { body: { ...asked, upperBound: usd('5') } });
    expect(other).toMatchObject({ status: 422, body: { code: 'unprocessable' } });

    const settle = { amount: usd('2.5'), usage: { input: 10, output: 5 } };
    const settled = await stage.ask('POST', `/holds/${hold['id']}/settle`, { body: settle });
    expect(settled).toMatchObject({ status: 200, body: { state: 'settled', charged: usd('2.50') } });
    const again = await stage.ask('POST', `/holds/${hold['id']}/settle`, { body: { amount: usd('1') } });
    expect(again.status).toBe(409);
    expect(await balanceOf(`/people/${personId}`)).toMatchObject({ spent: '2.50', held: '0.00', available: '7.50' });

    const { items } = (await stage.ask('GET', `/usage?personId=${personId}`)).body;
    expect(items).toMatchObject([{ model: 'own-model', cost: usd('2.50'), usage: { input: 10, output: 5 } }]);
  });

  it('lets a hold go with no charge, and keeps a refusal for ever', async () => {
    const { id: personId } = await stage.make('/people', somebody());
    const asked = { personId, upperBound: usd('1'), source: 'batch', externalId: '2' };
    expect((await stage.ask('POST', '/holds', { body: asked })).status).toBe(402);
    await stage.make('/grants', { personId, amount: usd('10'), effectiveOn: '2026-01-01' });
    expect((await stage.ask('POST', '/holds', { body: asked })).status).toBe(402);
    const hold = await stage.make('/holds', { ...asked, externalId: '3' });
    const withNothing = { bytes: '', headers: { 'content-type': 'application/json' } };
    expect((await stage.ask('POST', `/holds/${hold['id']}/void`, withNothing)).body).toMatchObject({ state: 'voided' });
    expect(await balanceOf(`/people/${personId}`)).toMatchObject({ available: '10.00', held: '0.00' });
  });

  it('books a charge after the fact, and what the balance does not cover as overrun', async () => {
    const { id: personId } = await stage.make('/people', somebody());
    await stage.make('/grants', { personId, amount: usd('1'), effectiveOn: '2026-01-01' });
    const asked = { personId, amount: usd('1.5'), source: 'invoice', externalId: 'i-1', provider: 'elsewhere' };
    const charge = await stage.make('/charges', asked);
    expect(charge).toMatchObject({ amount: usd('1.50'), overrun: usd('0.50'), outcome: 'unenforced', repeated: false });
    expect(await stage.make('/charges', asked)).toMatchObject({ id: charge['id'], repeated: true });
    expect(await balanceOf(`/people/${personId}`)).toMatchObject({ spent: '1.00', overrun: '0.50', available: '0.00' });
  });

  it('books in the test book while no provider has a credential', async () => {
    const { id: personId } = await stage.make('/people', somebody());
    await stage.make('/grants', { personId, amount: usd('5'), effectiveOn: '2026-01-01' });
    stage.inForce = 'test';
    try {
      await stage.make('/charges', { personId, amount: usd('2'), source: 'invoice', externalId: 'i-2' });
      expect(await balanceOf(`/people/${personId}`)).toMatchObject({ book: 'test', spent: '2.00' });
    } finally {
      stage.inForce = 'live';
    }
    expect(await balanceOf(`/people/${personId}`)).toMatchObject({ book: 'live', spent: '0.00', available: '5.00' });
  });

  it('walks lists page by page', async () => {
    const ids = [];
    for (let count = 0; count < 5; count += 1) ids.push((await stage.make('/people', somebody()))['id']);
    const seen: unknown[] = [];
    let cursor = '';
    do {
      const { body } = await stage.ask('GET', `/people?limit=2${cursor && `&cursor=${cursor}`}`);
      const { items, nextCursor } = body;
      if (!Array.isArray(items)) throw new Error('a page has items');
      seen.push(...items.map(({ id }) => id));
      cursor = nextCursor === null ? '' : String(nextCursor);
    } while (cursor);
    expect(seen.slice(-5)).toEqual(ids);
    expect(new Set(seen).size).toBe(seen.length);
    const entries = await stage.ask('GET', '/ledger/entries?limit=1');
    expect(entries.body).toMatchObject({ items: [{ transfers: expect.any(Array) }], nextCursor: expect.any(String) });
  });
});
