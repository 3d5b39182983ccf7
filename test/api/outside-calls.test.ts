/** What does not pass the gateway is named by who asks, for ever: whatever changes in between, a repeat is a repeat. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stage, somebody, startStage, usd } from './stage.ts';

let stage: Stage;
let personId: string;
let asked = 0;

beforeAll(async () => {
  stage = await startStage();
  personId = String((await stage.make('/people', somebody({ baseSalary: usd('9000000000') })))['id']);
  await stage.make('/grants', { personId, amount: usd('100'), effectiveOn: '2026-01-01' });
});

afterAll(async () => {
  expect(stage.logged).toEqual([]);
  expect((await stage.ask('GET', '/ledger/verify')).body).toMatchObject({ ok: true });
  await stage.stop();
});

/** Who pays, and a name that nothing had before. */
function call(payer: object = { personId }): object {
  asked += 1;
  return { ...payer, source: 'batch', externalId: `call-${asked}` };
}

async function anEndedKey(): Promise<{ readonly payer: object; readonly end: () => Promise<unknown> }> {
  const { id: keyId } = await stage.make('/keys', { personId, name: `key ${asked}` });
  return { payer: { keyId }, end: () => stage.ask('DELETE', `/keys/${keyId}`) };
}

describe.each([
  { path: '/holds', amount: { upperBound: usd('2') } },
  { path: '/charges', amount: { amount: usd('2') } },
])('a repeat of $path', ({ path, amount }) => {
  it('gets the first answer also when a provider got its credential in between', async () => {
    const body = { ...call(), ...amount };
    const { id } = await stage.make(path, body);
    stage.inForce = 'test';
    const again = await stage.make(path, body);
    stage.inForce = 'live';
    expect(again).toMatchObject({ id, book: 'live', repeated: true });
  });

  it('gets the first answer also when its key has ended in between', async () => {
    const { payer, end } = await anEndedKey();
    const body = { ...call(payer), ...amount };
    const { id } = await stage.make(path, body);
    await end();
    expect(await stage.make(path, body)).toMatchObject({ id, repeated: true });
  });
});

it('a key that has ended holds nothing new', async () => {
  const { payer, end } = await anEndedKey();
  await end();
  const answer = await stage.ask('POST', '/holds', { body: { ...call(payer), upperBound: usd('1') } });
  expect(answer).toMatchObject({ status: 422, body: { problems: [{ pointer: '/keyId' }] } });
});

it('what a key used before it ended is charged when it is reported', async () => {
  const { payer, end } = await anEndedKey();
  await end();
  expect(await stage.make('/charges', { ...call(payer), amount: usd('1') })).toMatchObject({ repeated: false });
});

it('a charge under the name of another is refused, and told in what it differs', async () => {
  const body = { ...call(), amount: usd('1'), usage: { input: 5 } };
  await stage.make('/charges', body);
  const other = await stage.ask('POST', '/charges', { body: { ...body, usage: { input: 6 } } });
  expect(other).toMatchObject({ status: 422, body: { detail: expect.stringContaining('contents: usage.') } });
});

it('a share of base salary that is more than can be granted is refused, and nothing is left of it', async () => {
  const body = { personId, percentOfBase: 1_000, effectiveOn: '2026-01-01' };
  const answer = await stage.ask('POST', '/grants', { body });
  expect(answer).toMatchObject({ status: 422, body: { problems: [{ pointer: '/percentOfBase' }] } });
  const { body: grants } = await stage.ask('GET', `/grants?personId=${personId}`);
  expect(grants['items']).toHaveLength(1);
});

it('the most that one request may name is granted, held, settled and charged more than once', async () => {
  const { id } = await stage.make('/people', somebody());
  const most = usd('9000000000.00');
  for (const _ of [1, 2, 3]) await stage.make('/grants', { personId: id, amount: most, effectiveOn: '2026-01-01' });
  const hold = await stage.make('/holds', { ...call({ personId: id }), upperBound: most });
  const settled = await stage.ask('POST', `/holds/${hold['id']}/settle`, { body: { amount: most } });
  expect(settled).toMatchObject({ status: 200, body: { charged: most, available: usd('18000000000.00') } });
  for (const _ of [1, 2, 3]) await stage.make('/charges', { ...call({ personId: id }), amount: most });
  const { body: balance } = await stage.ask('GET', `/people/${id}/balance`);
  expect(balance).toMatchObject({
    spent: usd('27000000000.00'),
    overrun: usd('9000000000.00'),
    available: usd('0.00'),
  });
});
