// Long because every ending of an answer stands in one table, over every wire.
/**
 * Every way an answer ends, on every wire: what the client sees, what the person is charged, and that nothing of theirs
 * stays held. docs/reference/endings.md tells the same as a table.
 */
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { formatDollars, nano, parseDollars } from '../../src/core/money/amount.ts';
import { balanceOf, givePerson, usageOf } from '../stage/stipend.ts';
import type { UpstreamRequest } from '../stage/upstream.ts';
import { GENERATING, type ProviderWords } from './provider-words.ts';
import { ask, type ClientCall, type GatewayStage, settled, startGateway } from './stage.ts';

let stage: GatewayStage;

beforeAll(async () => {
  stage = await startGateway();
}, 120_000);

/** The provider's side of calls that a test has left open. */
const open: UpstreamRequest[] = [];

afterEach(() => {
  for (const { response } of open.splice(0)) response.destroy();
});

afterAll(async () => {
  const { body } = await stage.stipend.api('GET', '/ledger/verify');
  expect(body).toMatchObject({ ok: true, openHolds: 0, negativeAccounts: 0, auditOk: true });
  expect(stage.stipend.output()).not.toContain('"level":"error"');
  await stage.stop();
});

const sse = { 'content-type': 'text/event-stream' };
const json = { 'content-type': 'application/json' };
const SAID = 'word '.repeat(60);

interface Begun {
  readonly personId: string;
  readonly call: ClientCall;
  /** The provider's side of the call. */
  readonly provider: UpstreamRequest;
}

/** A person with a budget asks, and the provider has read the request and said nothing yet. */
async function begin(words: ProviderWords, stream: boolean, budget = '10.00'): Promise<Begun> {
  const { personId, key } = await givePerson(stage.stipend, budget);
  const arrived = new Promise<UpstreamRequest>((resolve) => {
    stage.answer = resolve;
  });
  const path = stream ? words.streamPath : words.plainPath;
  const call = ask(stage.stipend.url, { path, key, body: words.body('Tell me something.', stream) });
  const provider = await arrived;
  open.push(provider);
  return { personId, call, provider };
}

const spentNano = (balance: Readonly<Record<string, string>>) => parseDollars(balance['spent'] ?? '') ?? -1n;

async function outcomeOf(personId: string): Promise<unknown> {
  const records = await usageOf(stage.stipend, personId);
  return records.map((record) => record['outcome']);
}

/** Charged for input, and for output at least what was delivered of it, at three bytes a token. */
async function expectEstimate(words: ProviderWords, personId: string, deliveredBytes: number, outcome: string) {
  const spent = spentNano(await settled(stage.stipend, personId));
  const output = BigInt(Math.ceil(deliveredBytes / 3)) * words.perOutput;
  expect(spent).toBeGreaterThan(output);
  // Beside the output no more than the input that was reported or sent.
  expect(spent).toBeLessThan(output + 1_100n * words.perInput);
  expect(await outcomeOf(personId)).toEqual([outcome]);
}

async function expectFree(personId: string) {
  expect(await settled(stage.stipend, personId)).toMatchObject({ spent: '0.00', available: '10.00', overrun: '0.00' });
  expect(await outcomeOf(personId)).toEqual([]);
}

async function expectExact(words: ProviderWords, personId: string, outcome = 'completed') {
  expect(await settled(stage.stipend, personId)).toMatchObject({ spent: words.cost, overrun: '0.00' });
  expect(await outcomeOf(personId)).toEqual([outcome]);
}

describe.each(GENERATING)('a stream on %s', (_, words) => {
  it('that is whole: passed as it came, and charged before its end is seen', async () => {
    const { personId, call, provider } = await begin(words, true);
    provider.response.writeHead(200, sse);
    provider.response.write(words.start + words.delta(SAID));
    await call.seen(SAID);
    expect((await balanceOf(stage.stipend, personId))['held']).not.toBe('0.00');
    provider.response.end(words.end());
    await (words.hasLastEvent ? call.seen(words.finished) : call.whole);
    expect(await balanceOf(stage.stipend, personId)).toMatchObject({ spent: words.cost });
    const { status, headers } = await call.whole;
    expect(status).toBe(200);
    expect(headers['x-request-id']).toMatch(/\w/);
    await expectExact(words, personId);
  });

  it('that is cut into single bytes, in the middle of letters: the same', async () => {
    const { personId, call, provider } = await begin(words, true);
    provider.response.writeHead(200, sse);
    for (const byte of Buffer.from(words.start + words.delta('漢字 und Grüße 👋')))
      provider.response.write(Buffer.of(byte));
    provider.response.end(words.end());
    expect((await call.whole).text).toContain('漢字 und Grüße 👋');
    await expectExact(words, personId);
  });

  it('whose client leaves at the last event, as Codex does: charged what it reported', async () => {
    const { personId, call, provider } = await begin(words, true);
    provider.response.writeHead(200, sse);
    provider.response.write(words.start + words.delta(SAID) + words.end());
    if (!words.hasLastEvent) provider.response.end();
    await call.seen(words.finished);
    await call.leave();
    await expectExact(words, personId);
  });

  it('whose client leaves in the middle: the provider is told to stop, and what was delivered is charged', async () => {
    const { personId, call, provider } = await begin(words, true);
    provider.response.writeHead(200, sse);
    provider.response.write(words.start + words.delta(SAID));
    await call.seen(SAID);
    await Promise.all([once(provider.response, 'close'), call.leave()]);
    expect(provider.response.writableFinished).toBe(false);
    await expectEstimate(words, personId, SAID.length, 'cancelled');
  });

  it('whose client leaves just before its end: the provider gets the moment to report its usage', async () => {
    const { personId, call, provider } = await begin(words, true);
    provider.response.writeHead(200, sse);
    provider.response.write(words.start + words.delta(SAID));
    await call.seen(SAID);
    await call.leave();
    provider.response.end(words.end());
    await expectExact(words, personId);
  });

  it('whose client leaves before its head: the provider is told to stop, and the input is charged', async () => {
    const { personId, call, provider } = await begin(words, true);
    await Promise.all([once(provider.response, 'close'), call.leave()]);
    await expectEstimate(words, personId, 0, 'cancelled');
  });

  it('whose provider tears the connection before the head: 502, and the input is charged', async () => {
    const { personId, call, provider } = await begin(words, true);
    provider.response.destroy();
    const { status, text } = await call.whole;
    expect(status).toBe(502);
    expect(text).toContain('broke the answer off');
    await expectEstimate(words, personId, 0, 'estimated');
  });

  it.each([
    ['tears the connection', (provider: UpstreamRequest) => provider.response.destroy()],
    ['ends before the end', (provider: UpstreamRequest) => provider.response.end()],
    ['stops in the middle of an event', (provider: UpstreamRequest) => provider.response.end('event: x\ndata: {"ty')],
  ])('whose provider %s: an error in the wire’s words, never a finished stream', async (_how, breakIt) => {
    const { personId, call, provider } = await begin(words, true);
    provider.response.writeHead(200, sse);
    provider.response.write(words.start + words.delta(SAID));
    await call.seen(SAID);
    breakIt(provider);
    const { text } = await call.whole;
    expect(text).not.toContain(words.finished);
    expect(text).toMatch(/"error"|response\.failed/);
    await expectEstimate(words, personId, SAID.length, 'estimated');
  });

  it('with an error for its first event: passed on, and free', async () => {
    const { personId, call, provider } = await begin(words, true);
    provider.response.writeHead(200, sse);
    provider.response.end(words.errorEvent);
    expect((await call.whole).text).toBe(words.errorEvent);
    await expectFree(personId);
  });

  it('with an error for its first event and then a torn connection: told once, and free', async () => {
    const { personId, call, provider } = await begin(words, true);
    provider.response.writeHead(200, sse);
    provider.response.write(words.errorEvent);
    await call.seen(words.errorEvent);
    provider.response.destroy();
    expect((await call.whole).text).toBe(words.errorEvent);
    await expectFree(personId);
  });

  it('with an error in its middle: passed on, never finished, and charged what was delivered', async () => {
    const { personId, call, provider } = await begin(words, true);
    provider.response.writeHead(200, sse);
    provider.response.end(words.start + words.delta(SAID) + words.errorEvent);
    expect((await call.whole).text).not.toContain(words.finished);
    await expectEstimate(words, personId, SAID.length, 'failed');
  });

  it('without usage: charged for what was delivered, never nothing', async () => {
    const { personId, call, provider } = await begin(words, true);
    provider.response.writeHead(200, sse);
    const start = words.wire === 'anthropic-messages' ? '' : words.start;
    provider.response.end(start + words.delta(SAID) + words.endWithoutUsage);
    expect((await call.whole).text).toContain(words.finished);
    await expectEstimate(words, personId, SAID.length, 'estimated');
  });

  it('with more usage than was held: charged all of it, the lacking part to the company', async () => {
    const { personId, call, provider } = await begin(words, true, '0.50');
    provider.response.writeHead(200, sse);
    provider.response.end(words.start + words.end({ input: 1_000, output: 1_000_000 }));
    await call.whole;
    const balance = await settled(stage.stipend, personId);
    const cost = 1_000n * words.perInput + 1_000_000n * words.perOutput;
    expect(balance).toMatchObject({
      available: '0.00',
      spent: '0.50',
      overrun: formatDollars(nano(cost - 500_000_000n)),
    });
  });

  it('with an event of 10 MB: passed on, and charged', async () => {
    const { personId, call, provider } = await begin(words, true);
    const large = 'x'.repeat(10 * 1024 * 1024);
    provider.response.writeHead(200, sse);
    provider.response.end(words.start + words.delta(large) + words.end());
    expect((await call.whole).text.length).toBeGreaterThan(large.length);
    await expectExact(words, personId);
  });

  it('that comes packed although it was asked for plain: 502, since it cannot be metered', async () => {
    const { personId, call, provider } = await begin(words, true);
    expect(provider.headers['accept-encoding']).toBe('identity');
    provider.response.writeHead(200, { ...sse, 'content-encoding': 'gzip' });
    provider.response.end(gzipSync(words.start + words.delta(SAID) + words.end()));
    expect((await call.whole).status).toBe(502);
    await expectEstimate(words, personId, 0, 'estimated');
  });
});

describe.each(GENERATING.filter(([, words]) => words.hasLastEvent))('a stream on %s', (_, words) => {
  it('whose provider says more after its last event: the end is not held back for it', async () => {
    const { personId, call, provider } = await begin(words, true);
    provider.response.writeHead(200, sse);
    provider.response.write(words.start + words.end());
    await call.seen(words.finished);
    expect(await balanceOf(stage.stipend, personId)).toMatchObject({ spent: words.cost });
    provider.response.end(': bye\n\n');
    expect((await call.whole).text).toMatch(/: bye\n\n$/);
    await expectExact(words, personId);
  });
});

it('a Responses stream that holds several answers is charged the last, wherever it is cut', async () => {
  const responses = GENERATING.find(([name]) => name.includes('esponses'))?.[1];
  if (!responses) throw new Error('the Responses wire is not among those tried');
  const { personId, call, provider } = await begin(responses, true);
  provider.response.writeHead(200, sse);
  const first = responses.start + responses.end({ input: 7, output: 3 });
  await new Promise((sent) => provider.response.write(first, sent));
  provider.response.end(responses.start + responses.end());
  await call.whole;
  await expectExact(responses, personId);
});

describe.each(GENERATING)('a plain answer on %s', (_, words) => {
  it('that is whole: its cost and what is left are in its headers, exactly', async () => {
    const { personId, call, provider } = await begin(words, false);
    provider.response.writeHead(200, json);
    provider.response.end(words.plain(SAID));
    const { status, headers, text } = await call.whole;
    expect({ status, text }).toEqual({ status: 200, text: words.plain(SAID) });
    expect(headers).toMatchObject({ 'x-stipend-cost': words.cost, 'x-request-id': expect.stringMatching(/\w/) });
    const balance = await balanceOf(stage.stipend, personId);
    expect(balance).toMatchObject({ spent: words.cost, available: headers['x-stipend-available'], held: '0.00' });
  });

  it('whose client leaves: the provider’s answer is awaited, and charged what it reports', async () => {
    const { personId, call, provider } = await begin(words, false);
    await call.leave();
    provider.response.writeHead(200, json);
    provider.response.end(words.plain(SAID));
    await expectExact(words, personId);
  });

  it('without usage: charged for what was delivered', async () => {
    const { personId, call, provider } = await begin(words, false);
    provider.response.writeHead(200, json);
    provider.response.end(words.plainWithoutUsage(SAID));
    expect((await call.whole).status).toBe(200);
    await expectEstimate(words, personId, SAID.length, 'estimated');
  });

  it('that is torn in its middle: 502, and charged as if all of it had been generated', async () => {
    const { personId, call, provider } = await begin(words, false);
    const half = words.plain(SAID).slice(0, 200);
    provider.response.writeHead(200, { ...json, 'content-length': words.plain(SAID).length });
    provider.response.write(half, () => provider.response.destroy());
    const { status } = await call.whole;
    expect(status).toBe(502);
    await expectEstimate(words, personId, half.length, 'estimated');
  });

  it('that stops in its middle, in good order: 502, never passed on as an answer', async () => {
    const { personId, call, provider } = await begin(words, false);
    const half = words.plain(SAID).slice(0, 200);
    provider.response.writeHead(200, json).end(half);
    const { status, text } = await call.whole;
    expect(status).toBe(502);
    expect(text).toContain('stopped before its end');
    await expectEstimate(words, personId, half.length, 'estimated');
  });

  it('from somebody else, in HTML: 502, never passed on as an answer', async () => {
    const { personId, call, provider } = await begin(words, false);
    provider.response.writeHead(200, { 'content-type': 'text/html' });
    provider.response.end('<html>Sign in to the hotel network</html>');
    const { status, text } = await call.whole;
    expect(status).toBe(502);
    expect(text).not.toContain('hotel');
    await expectEstimate(words, personId, 0, 'estimated');
  });

  it('larger than 8 MiB: goes out as it comes, without its cost, and is charged', async () => {
    const { personId, call, provider } = await begin(words, false);
    const large = words.plain('x'.repeat(9 * 1024 * 1024));
    provider.response.writeHead(200, json);
    provider.response.end(large);
    const { headers, text } = await call.whole;
    expect(headers['x-stipend-cost']).toBeUndefined();
    expect(text === large).toBe(true);
    await expectExact(words, personId);
  });

  it('larger than 8 MiB and torn: the client sees it torn', async () => {
    const { personId, call, provider } = await begin(words, false);
    provider.response.writeHead(200, json);
    provider.response.write(words.plain('x'.repeat(9 * 1024 * 1024)).slice(0, -20));
    await call.head;
    provider.response.destroy();
    await expect(call.whole).rejects.toThrow();
    // The request allowed 4,000 tokens, so more cannot have been generated.
    await expectEstimate(words, personId, 3 * 4_000, 'estimated');
  });

  it.each([
    [400, 400, {}],
    [429, 429, { 'retry-after': '7' }],
    [529, 529, {}],
    [500, 500, {}],
  ])('that is the provider’s %i: passed on byte for byte, and free', async (status, seen, headers) => {
    const { personId, call, provider } = await begin(words, false);
    provider.response.writeHead(status, { ...json, ...headers });
    provider.response.end('{"error":{"message":"of the provider"}}');
    const answer = await call.whole;
    expect(answer).toMatchObject({ status: seen, headers, text: '{"error":{"message":"of the provider"}}' });
    await expectFree(personId);
  });

  it.each([401, 403, 301, 307, 304])('that is a %i about our own access: 502, and free', async (status) => {
    const { personId, call, provider } = await begin(words, false);
    provider.response.writeHead(status, { ...json, location: 'http://127.0.0.1:1/elsewhere' });
    provider.response.end();
    const answer = await call.whole;
    expect(answer.status).toBe(502);
    expect(answer.headers['location']).toBeUndefined();
    // Only an operator can mend a refused credential: a client that tried again would do so in silence.
    expect(answer.headers['x-should-retry']).toBe(status === 401 || status === 403 ? 'false' : undefined);
    await expectFree(personId);
  });

  it('that is an error without an end: cut to what can be read, and free', async () => {
    const { personId, call, provider } = await begin(words, false);
    provider.response.writeHead(500, { 'content-type': 'text/plain' });
    const more = () => {
      while (!provider.response.destroyed && provider.response.write('x'.repeat(65_536)));
    };
    provider.response.on('drain', more);
    more();
    const { status, text } = await call.whole;
    expect(status).toBe(500);
    expect(text.length).toBeLessThan(2 * 1024 * 1024);
    await expectFree(personId);
    provider.response.destroy();
  });
});

describe('embeddings', () => {
  const vectors = { object: 'list', data: [{ object: 'embedding', index: 0, embedding: [0.1] }] };
  const model = 'text-embedding-3-small';

  it.each([
    [
      'with usage are charged what they report',
      { model, usage: { prompt_tokens: 1_000, total_tokens: 1_000 } },
      '0.00002',
    ],
    // A request of 46 bytes at three a token, at 20 nano-dollars each.
    ['without usage are passed on, and charged by their request', {}, '0.00000032'],
  ])('%s', async (_what, more, spent) => {
    const { personId, key } = await givePerson(stage.stipend, '1.00');
    stage.answer = ({ response }) => response.writeHead(200, json).end(JSON.stringify({ ...vectors, ...more }));
    const call = ask(stage.stipend.url, { path: '/v1/embeddings', key, body: { model, input: 'hi' } });
    expect((await call.whole).status).toBe(200);
    expect(await settled(stage.stipend, personId)).toMatchObject({ spent, overrun: '0.00' });
  });
});
