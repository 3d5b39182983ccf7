/** Everything there could be too much of: bodies, answers, slow readers, and budgets between the least and the most a call can cost. */
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatDollars, nano } from '../../src/core/money/amount.ts';
import { balanceOf, givePerson, usageOf } from '../stage/stipend.ts';
import type { UpstreamRequest } from '../stage/upstream.ts';
import { GENERATING, type ProviderWords } from './provider-words.ts';
import { ask, follow, type GatewayStage, settled, startGateway } from './stage.ts';

let stage: GatewayStage;

beforeAll(async () => {
  stage = await startGateway();
}, 120_000);

afterAll(async () => {
  const { body } = await stage.stipend.api('GET', '/ledger/verify');
  expect(body).toMatchObject({ ok: true, openHolds: 0, negativeAccounts: 0, auditOk: true });
  expect(stage.stipend.output()).not.toContain('"level":"error"');
  await stage.stop();
});

const json = { 'content-type': 'application/json' };
const sse = { 'content-type': 'text/event-stream' };
const MIB = 1024 * 1024;

function words(wire: string): ProviderWords {
  const found = GENERATING.find(([name]) => name === wire)?.[1];
  if (!found) throw new Error(`no words for ${wire}`);
  return found;
}

const messages = words('anthropic-messages');

function answerWith(each: ProviderWords): void {
  stage.answer = ({ response }) => response.writeHead(200, json).end(each.plain('hi'));
}

/** Resolves with the provider's side of the next call. */
function nextAtProvider(): Promise<UpstreamRequest> {
  return new Promise((resolve) => {
    stage.answer = resolve;
  });
}

describe('a request', () => {
  it('of 31 MiB is taken, and arrives whole', async () => {
    answerWith(messages);
    const { key } = await givePerson(stage.stipend, '100.00');
    const body = messages.body('x'.repeat(31 * MIB), false);
    const { status } = await ask(stage.stipend.url, { path: messages.plainPath, key, body }).whole;
    expect(status).toBe(200);
    expect(stage.upstream.requests.at(-1)?.body === JSON.stringify(body)).toBe(true);
  });

  it('announced with more than 32 MiB is refused before it is sent', async () => {
    const { key } = await givePerson(stage.stipend, '1.00');
    const request = httpRequest(`${stage.stipend.url}/v1/messages`, {
      method: 'POST',
      agent: false,
      headers: { ...json, 'x-api-key': key, 'content-length': 32 * MIB + 1 },
    });
    request.flushHeaders();
    const call = follow(request);
    const { status, text } = await call.whole;
    expect({ status, error: JSON.parse(text).error.type }).toEqual({ status: 413, error: 'request_too_large' });
    await call.leave();
  });

  it('that grows past 32 MiB, unannounced, is refused', async () => {
    const before = stage.upstream.requests.length;
    const { personId, key } = await givePerson(stage.stipend, '1.00');
    const request = httpRequest(`${stage.stipend.url}/v1/messages`, {
      method: 'POST',
      agent: false,
      headers: { ...json, 'x-api-key': key, 'transfer-encoding': 'chunked' },
    });
    const call = follow(request);
    for (let sent = 0; sent <= 32; sent++) if (!request.write('x'.repeat(MIB))) await once(request, 'drain');
    expect((await call.whole).status).toBe(413);
    await call.leave();
    expect(await balanceOf(stage.stipend, personId)).toMatchObject({ held: '0.00', spent: '0.00' });
    expect(stage.upstream.requests).toHaveLength(before);
  });
});

describe('a reader who takes nothing', () => {
  it('makes the provider wait, and gets all of it when it reads on', async () => {
    const { personId, key } = await givePerson(stage.stipend, '10.00');
    const provider = nextAtProvider();
    const request = httpRequest(`${stage.stipend.url}/v1/messages`, {
      method: 'POST',
      agent: false,
      headers: { ...json, 'x-api-key': key },
    });
    request.end(JSON.stringify(messages.body('hi', true)));
    const { response } = await provider;
    response.writeHead(200, sse).write(messages.start);
    const [answer] = await once(request, 'response');

    const event = messages.delta('x'.repeat(MIB));
    const EVENTS = 64;
    let pumped = 0;
    const pump = () => {
      while (pumped < EVENTS && response.write(event)) pumped++;
      if (pumped === EVENTS) response.end(messages.end());
    };
    response.on('drain', () => {
      pumped++;
      pump();
    });
    pump();
    // It stands still when a hundred questions later nothing more was taken.
    for (let asked = 0, seen = -1; asked < 100; asked++) {
      if (pumped !== seen) asked = 0;
      seen = pumped;
      await stage.stipend.api('GET', '/me', undefined, { key });
    }
    expect(pumped).toBeLessThan(EVENTS / 2);
    let read = 0;
    answer.on('data', (chunk: Buffer) => {
      read += chunk.length;
    });
    await once(answer, 'end');
    expect(read).toBe(messages.start.length + EVENTS * event.length + messages.end().length);
    expect(await settled(stage.stipend, personId)).toMatchObject({ spent: messages.cost });
  });
});

describe('an answer of the provider', () => {
  it.each([2 ** 31, Number.MAX_SAFE_INTEGER])(
    'that reports %i tokens is booked, and the company bears it',
    async (output) => {
      const { personId, key } = await givePerson(stage.stipend, '1.00');
      stage.answer = ({ response }) =>
        response.writeHead(200, json).end(messages.plain('hi', { input: output, output }));
      const call = ask(stage.stipend.url, { path: '/v1/messages', key, body: messages.body('hi', false) });
      expect((await call.whole).status).toBe(200);
      const balance = await settled(stage.stipend, personId);
      expect(balance).toMatchObject({ spent: '1.00', available: '0.00' });
      expect(balance['overrun']).not.toBe('0.00');
      expect(await usageOf(stage.stipend, personId)).toHaveLength(1);
    },
  );
});

/** Where each wire has its output limit, and what one token of it is held for: its dearest tier and place. */
const LIMITS: Readonly<Record<string, { readonly of: (body: string) => unknown; readonly nanoPerToken: bigint }>> = {
  'anthropic-messages': { of: (body) => JSON.parse(body).max_tokens, nanoPerToken: 11_000n },
  'openai-chat': { of: (body) => JSON.parse(body).max_completion_tokens, nanoPerToken: 30_000n },
  'openai-responses': { of: (body) => JSON.parse(body).max_output_tokens, nanoPerToken: 30_000n },
  gemini: { of: (body) => JSON.parse(body).generationConfig.maxOutputTokens, nanoPerToken: 10_000n },
};

/** More than the input of these small requests is held for, and less than 200 tokens of output. */
const INPUT = 1_500_000n;

describe.each(GENERATING)('a balance on %s', (wire, each) => {
  const { of, nanoPerToken } = LIMITS[wire] ?? { of: () => undefined, nanoPerToken: 0n };
  const worth = (tokens: bigint) => formatDollars(nano(tokens * nanoPerToken + INPUT));

  it.each([
    ['streamed', true],
    ['plain', false],
  ])('between the least and the most buys a lower output limit, %s', async (_how, stream) => {
    const { personId, key } = await givePerson(stage.stipend, worth(2_000n));
    const provider = nextAtProvider();
    const path = stream ? each.streamPath : each.plainPath;
    const call = ask(stage.stipend.url, { path, key, body: each.body('hi', stream) });
    const { response, body } = await provider;
    const limit = Number(of(body));
    expect(limit).toBeGreaterThanOrEqual(2_000);
    expect(limit).toBeLessThan(2_200);
    // All of the balance is held: nothing else can be spent beside it.
    expect(await balanceOf(stage.stipend, personId)).toMatchObject({ available: '0.00' });
    const second = await ask(stage.stipend.url, { path, key, body: each.body('hi', stream) }).whole;
    expect(second.status).toBe(402);
    response.writeHead(200, stream ? sse : json);
    response.end(
      stream ? each.start + each.end({ input: 100, output: limit }) : each.plain('hi', { input: 100, output: limit }),
    );
    const { headers } = await call.whole;
    expect(headers['x-stipend-output-limit']).toBe(String(limit));
    expect(await settled(stage.stipend, personId)).toMatchObject({ overrun: '0.00' });
  });

  it('that covers all of it changes not a byte', async () => {
    answerWith(each);
    const { key } = await givePerson(stage.stipend, '10.00');
    const body = JSON.stringify(each.body('hi', false));
    const { headers } = await ask(stage.stipend.url, { path: each.plainPath, key, body }).whole;
    expect(headers).not.toHaveProperty('x-stipend-output-limit');
    expect(stage.upstream.requests.at(-1)?.body).toBe(body);
  });

  it('below the least is refused in words a person understands, and nothing is sent', async () => {
    const before = stage.upstream.requests.length;
    const { personId, key } = await givePerson(stage.stipend, worth(600n));
    const { status, headers, text } = await ask(stage.stipend.url, {
      path: each.plainPath,
      key,
      body: each.body('hi', false),
    }).whole;
    expect(status).toBe(402);
    expect(headers['x-should-retry']).toBe('false');
    expect(headers).not.toHaveProperty('retry-after');
    expect(text).toMatch(
      /Your AI token budget does not cover this call: \$\d+\.\d+ is left and the call needs up to \$\d+\.\d+\. No renewal is planned\. To get more, ask your manager/,
    );
    expect(await balanceOf(stage.stipend, personId)).toMatchObject({ held: '0.00', spent: '0.00' });
    expect(stage.upstream.requests).toHaveLength(before);
  });
});

describe('a thinking budget', () => {
  const thinking = (maxTokens: number) => ({
    model: 'claude-sonnet-5',
    max_tokens: maxTokens,
    thinking: { type: 'enabled', budget_tokens: 3_000 },
    messages: [{ role: 'user', content: 'hi' }],
  });

  it.each([
    [4_400n, 200],
    // 3,000 + 1,024 is the most that is never enough.
    [3_800n, 402],
  ])('with %i tokens’ worth left is answered %i', async (tokens, status) => {
    answerWith(messages);
    const { key } = await givePerson(stage.stipend, formatDollars(nano(tokens * 11_000n + INPUT)));
    const answer = await ask(stage.stipend.url, { path: '/v1/messages', key, body: thinking(20_000) }).whole;
    expect(answer.status).toBe(status);
    if (status !== 200) return;
    const limit = JSON.parse(stage.upstream.requests.at(-1)?.body ?? '').max_tokens;
    expect(limit).toBeGreaterThan(3_000 + 1_024);
    expect(answer.headers['x-stipend-output-limit']).toBe(String(limit));
  });
});
