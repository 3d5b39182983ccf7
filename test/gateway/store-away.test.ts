/** The database goes away and comes back: nothing passes unmetered, what runs is booked afterwards, and nobody has to do anything. */
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { balanceOf, givePerson, usageOf } from '../stage/stipend.ts';
import type { UpstreamRequest } from '../stage/upstream.ts';
import { type GatedDatabase, startGatedDatabase } from './gated-database.ts';
import { GENERATING, type ProviderWords } from './provider-words.ts';
import { ask, type GatewayStage, settled, startGateway } from './stage.ts';

let database: GatedDatabase;
let stage: GatewayStage;

beforeAll(async () => {
  database = await startGatedDatabase();
  stage = await startGateway({ STIPEND_DATABASE_URL: database.connection });
}, 120_000);

afterEach(async () => {
  database.open();
  await back();
  expect((await stage.stipend.api('GET', '/ledger/verify')).body).toMatchObject({
    ok: true,
    openHolds: 0,
    auditOk: true,
  });
});

afterAll(async () => {
  await stage.stop();
  await database.stop();
});

const json = { 'content-type': 'application/json' };
const sse = { 'content-type': 'text/event-stream' };

/** Resolves when Stipend says that it can serve again. */
async function back(): Promise<void> {
  while ((await fetch(`${stage.stipend.url}/readyz`)).status !== 200);
}

function answerAtOnce(words: ProviderWords): void {
  stage.answer = ({ response }) => response.writeHead(200, json).end(words.plain('hi'));
}

async function begin(words: ProviderWords, stream: boolean) {
  const person = await givePerson(stage.stipend, '10.00');
  const arrived = new Promise<UpstreamRequest>((resolve) => {
    stage.answer = resolve;
  });
  const path = stream ? words.streamPath : words.plainPath;
  const call = ask(stage.stipend.url, { path, key: person.key, body: words.body('hi', stream) });
  return { ...person, call, provider: await arrived };
}

const AWAY: Readonly<Record<string, object>> = {
  'anthropic-messages': { type: 'error', error: { type: 'api_error' } },
  'openai-chat': { error: { type: 'server_error' } },
  'openai-responses': { error: { type: 'server_error' } },
  gemini: { error: { code: 503, status: 'UNAVAILABLE' } },
};

describe.each(GENERATING)('while the store is away, %s', (wire, words) => {
  it('refuses with a time to come again and sends nothing on; afterwards it works by itself', async () => {
    answerAtOnce(words);
    const { personId, key } = await givePerson(stage.stipend, '10.00');
    const question = { path: words.plainPath, key, body: words.body('hi', false) };
    expect((await ask(stage.stipend.url, question).whole).status).toBe(200);
    const before = stage.upstream.requests.length;
    database.shut();
    const { status, headers, text } = await ask(stage.stipend.url, question).whole;
    expect(status).toBe(503);
    expect(headers).toMatchObject({
      'retry-after': expect.stringMatching(/^\d+$/),
      'x-request-id': expect.any(String),
    });
    expect(JSON.parse(text)).toMatchObject(AWAY[wire] ?? {});
    expect(text).toContain('cannot reach its database');
    expect(stage.upstream.requests).toHaveLength(before);

    database.open();
    await back();
    expect((await ask(stage.stipend.url, question).whole).status).toBe(200);
    const balance = await settled(stage.stipend, personId);
    expect(await usageOf(stage.stipend, personId)).toHaveLength(2);
    expect(balance['overrun']).toBe('0.00');
  });
});

it('answers in flight come to their ends, on every wire, plain and streamed, and are booked afterwards', async () => {
  const inFlight = [];
  for (const [, words] of GENERATING) {
    for (const stream of [true, false]) inFlight.push({ words, stream, ...(await begin(words, stream)) });
  }
  for (const { words, stream, call, provider } of inFlight) {
    provider.response.writeHead(200, stream ? sse : json);
    if (!stream) continue;
    provider.response.write(words.start + words.delta('begun'));
    await call.seen('begun');
  }
  database.shut();
  for (const { words, stream, provider } of inFlight)
    provider.response.end(stream ? words.end() : words.plain('whole'));
  for (const { words, stream, call } of inFlight) {
    const { status, headers, text } = await call.whole;
    expect(status).toBe(200);
    expect(text).toContain(stream ? words.finished : 'whole');
    expect(headers).not.toHaveProperty('x-stipend-cost');
  }
  database.open();
  await back();
  for (const { words, personId } of inFlight) {
    expect(await settled(stage.stipend, personId)).toMatchObject({ spent: words.cost, overrun: '0.00' });
    expect(await usageOf(stage.stipend, personId)).toMatchObject([{ outcome: 'completed' }]);
  }
});

const [, messages] = GENERATING[0] ?? [];
if (!messages) throw new Error('no wire');

it('a hold whose confirmation was lost is given back: what was never sent costs nothing', async () => {
  answerAtOnce(messages);
  const { personId, key } = await givePerson(stage.stipend, '10.00');
  const question = { path: messages.plainPath, key, body: messages.body('hi', false) };
  expect((await ask(stage.stipend.url, question).whole).status).toBe(200);
  const before = stage.upstream.requests.length;
  const committed = database.shutBehindCommit();
  const call = ask(stage.stipend.url, question);
  await committed;
  expect((await call.whole).status).toBe(503);
  expect(stage.upstream.requests).toHaveLength(before);
  database.open();
  await back();
  expect(await settled(stage.stipend, personId)).toMatchObject({ spent: messages.cost, overrun: '0.00' });
  expect(await usageOf(stage.stipend, personId)).toHaveLength(1);
});

it('a client that leaves while the store is away is charged when it is back', async () => {
  const { personId, call, provider } = await begin(messages, true);
  provider.response.writeHead(200, sse).write(messages.start + messages.delta('begun'));
  await call.seen('begun');
  database.shut();
  await Promise.all([once(provider.response, 'close'), call.leave()]);
  database.open();
  await back();
  await settled(stage.stipend, personId);
  expect(await usageOf(stage.stipend, personId)).toMatchObject([{ outcome: 'cancelled' }]);
  expect((await balanceOf(stage.stipend, personId))['spent']).not.toBe('0.00');
});
