/** What is no request, or not a fit one: refused in words, with an id, before anything is held or sent on. */
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { balanceOf, givePerson } from '../stage/stipend.ts';
import { GENERATING } from './provider-words.ts';
import { ask, follow, type GatewayStage, PROVIDER_KEY, startGateway } from './stage.ts';

let stage: GatewayStage;
let person: Awaited<ReturnType<typeof givePerson>>;

const answer = JSON.stringify({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-5',
  content: [{ type: 'text', text: 'hi' }],
  usage: { input_tokens: 1, output_tokens: 1 },
});

beforeAll(async () => {
  stage = await startGateway();
  person = await givePerson(stage.stipend, '10.00');
  stage.answer = ({ response }) => response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
}, 120_000);

afterAll(async () => {
  const output = stage.stipend.output();
  for (const secret of [person.key, PROVIDER_KEY, stage.stipend.adminKey]) expect(output).not.toContain(secret);
  expect(output).not.toContain('"level":"error"');
  expect((await stage.stipend.api('GET', '/ledger/verify')).body).toMatchObject({ ok: true, openHolds: 0 });
  await stage.stop();
});

const MESSAGES = { model: 'claude-sonnet-5', max_tokens: 50, messages: [{ role: 'user', content: 'hi' }] };

/** Bytes on a socket of their own; resolves with all that came back when the connection was closed. */
async function exchange(bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(stage.stipend.url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    received += chunk;
  });
  socket.write(bytes);
  await once(socket, 'close');
  return received;
}

const lines = (...each: readonly string[]) => `${each.join('\r\n')}\r\n\r\n`;
const post = (path = '/v1/messages') => `POST ${path} HTTP/1.1`;
const smuggled = lines('GET /v1/models HTTP/1.1', 'host: x', 'connection: close');

describe('bytes that are no request', () => {
  it.each([
    ['a length and chunks', lines(post(), 'host: x', 'content-length: 4', 'transfer-encoding: chunked'), 400],
    ['two lengths', lines(post(), 'host: x', 'content-length: 4', 'content-length: 5'), 400],
    ['a length with a sign', lines(post(), 'host: x', 'content-length: +4'), 400],
    ['an unknown transfer coding', lines(post(), 'host: x', 'transfer-encoding: xchunked'), 400],
    ['chunked that is not last', lines(post(), 'host: x', 'transfer-encoding: chunked, identity'), 400],
    ['a space before the colon', lines(post(), 'host: x', 'x-api-key : a'), 400],
    ['a folded header', lines(post(), 'host: x', 'x-api-key: a', ' b'), 400],
    ['bare line feeds', `${post()}\nhost: x\n\n`, 400],
    ['a NUL in a header', lines(post(), 'host: x', 'x-api-key: a\0b'), 400],
    ['no method', lines('/v1/messages HTTP/1.1', 'host: x'), 400],
    ['no host', lines(post()), 400],
    ['two hosts', lines(post(), 'host: a', 'host: b'), 400],
    ['a header of 20 KB', lines(post(), 'host: x', `x-big: ${'a'.repeat(20_000)}`), 431],
    ['3,000 headers', lines(post(), 'host: x', ...Array<string>(3_000).fill('a:b')), 431],
    ['a WebSocket', lines('GET /v1/responses HTTP/1.1', 'host: x', 'connection: upgrade', 'upgrade: websocket'), 426],
  ])('%s: refused with an id, and the connection is closed', async (_what, bytes, status) => {
    const received = await exchange(`${bytes}${smuggled}`);
    expect(received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(received).toMatch(/\r\nx-request-id: \S+\r\n/);
    // One answer: what stood behind it was not taken for a request.
    expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(JSON.parse(received.slice(received.indexOf('\r\n\r\n')))).toMatchObject({ error: { message: /\w/ } });
  });

  it('chunks that are none, in the middle of a body: refused, and nothing is sent on', async () => {
    const before = stage.upstream.requests.length;
    const head = lines(
      post(),
      'host: x',
      `x-api-key: ${person.key}`,
      'content-type: application/json',
      'transfer-encoding: chunked',
    );
    expect(await exchange(`${head}5\r\n{"mod\r\nzz\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(stage.upstream.requests).toHaveLength(before);
  });

  it('an offer of HTTP/2 is passed over, and the request answered', async () => {
    const bytes = lines(
      'GET /v1/models HTTP/1.1',
      'host: x',
      `x-api-key: ${person.key}`,
      'connection: upgrade',
      'upgrade: h2c',
    );
    const { hostname, port } = new URL(stage.stipend.url);
    const socket = connect(Number(port), hostname);
    socket.write(bytes);
    const [chunk] = await once(socket, 'data');
    expect(String(chunk)).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
  });

  it('an expectation nobody knows is passed over', async () => {
    const bytes = lines('GET /v1/models HTTP/1.1', 'host: x', 'expect: miracles', 'connection: close');
    expect(await exchange(bytes)).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe('a path', () => {
  it.each([
    ['POST', '//v1/messages', 404],
    ['POST', '/v1//messages', 404],
    ['POST', '/v1%2Fmessages', 404],
    ['POST', '/v1/x/../messages', 404],
    ['POST', '/v1/messages/', 404],
    ['POST', '/v1/%zz', 404],
    ['POST', '/V1/messages', 404],
    ['GET', '/v1/messages', 405],
    ['DELETE', '/v1beta/models/gemini-2.5-pro:generateContent', 405],
    ['PATCH', '/openai/v1/responses', 405],
    ['POST', 'http://169.254.169.254/v1/messages', 401],
    ['GET', 'http://169.254.169.254/latest/meta-data', 404],
  ])('%s %s is answered %i, with an id', async (method, path, status) => {
    const received = await exchange(lines(`${method} ${path} HTTP/1.1`, 'host: x', 'connection: close'));
    expect(received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(received).toMatch(/\r\nx-request-id: \S+\r\n/i);
    expect(received).toMatch(/\r\nx-should-retry: false\r\n/i);
  });
});

describe('a key', () => {
  const withKeys = (headers: Record<string, string | string[]>, path = '/v1/messages') => {
    const request = httpRequest(`${stage.stipend.url}${path}`, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', ...headers },
    });
    request.end(JSON.stringify(MESSAGES));
    return follow(request).whole;
  };

  it.each([
    ['as Bearer', (key: string) => ({ authorization: `Bearer ${key}` })],
    ['as x-api-key', (key: string) => ({ 'x-api-key': key })],
    ['as x-goog-api-key', (key: string) => ({ 'x-goog-api-key': key })],
    ['in two places that agree', (key: string) => ({ 'x-api-key': key, authorization: `Bearer ${key}` })],
  ])('is taken %s', async (_where, headers) => {
    expect((await withKeys(headers(person.key))).status).toBe(200);
  });

  it('is taken from the query, and never sent on', async () => {
    expect((await withKeys({}, `/v1/messages?key=${person.key}&beta=true`)).status).toBe(200);
    const sent = stage.upstream.requests.at(-1);
    expect(sent?.path).toBe('/v1/messages?beta=true');
    expect(JSON.stringify([sent?.headers, sent?.path, sent?.body])).not.toContain(person.key);
  });

  it.each([
    ['none', () => ({})],
    ['one that is unknown', () => ({ 'x-api-key': 'stp_live_unknown' })],
    ['SQL', () => ({ authorization: "Bearer ' OR 1=1 --" })],
    ['two that differ', (key: string) => ({ 'x-api-key': key, authorization: 'Bearer stp_live_other' })],
    ['two values of one header', (key: string) => ({ 'x-api-key': [key, 'stp_live_other'] })],
    ['two Authorizations', (key: string) => ({ authorization: [`Bearer ${key}`, 'Bearer stp_live_other'] })],
  ])('is refused: %s', async (_what, headers) => {
    const before = stage.upstream.requests.length;
    const { status, text } = await withKeys(headers(person.key));
    expect(status).toBe(401);
    expect(JSON.parse(text)).toMatchObject({ type: 'error', error: { type: 'authentication_error' } });
    expect(stage.upstream.requests).toHaveLength(before);
  });

  it('that is bad is told before the body is asked for', async () => {
    const head = lines(
      post(),
      'host: x',
      'x-api-key: stp_live_bad',
      'content-type: application/json',
      'content-length: 1000',
      'expect: 100-continue',
      'connection: close',
    );
    const { hostname, port } = new URL(stage.stipend.url);
    const socket = connect(Number(port), hostname);
    socket.write(head);
    const [chunk] = await once(socket, 'data');
    expect(String(chunk)).toMatch(/^HTTP\/1\.1 401 /);
    socket.destroy();
  });

  it('that is good is told to go on, and the body is read', async () => {
    const request = httpRequest(`${stage.stipend.url}/v1/messages`, {
      method: 'POST',
      agent: false,
      headers: { 'x-api-key': person.key, 'content-type': 'application/json', expect: '100-continue' },
    });
    request.flushHeaders();
    await once(request, 'continue');
    request.end(JSON.stringify(MESSAGES));
    expect((await follow(request).whole).status).toBe(200);
  });

  it('never leaves, nor what a client says in our name or about its own connection', async () => {
    await withKeys({
      'x-api-key': person.key,
      authorization: `Bearer ${person.key}`,
      'x-stipend-cost': '0',
      'x-forwarded-for': '10.0.0.1',
      connection: 'close, x-secret-hop',
      'x-secret-hop': 'a',
      cookie: 'session=1',
      'anthropic-beta': 'some-beta',
    });
    const { headers = {} } = stage.upstream.requests.at(-1) ?? {};
    expect(headers).toMatchObject({ 'x-api-key': PROVIDER_KEY, 'anthropic-beta': 'some-beta' });
    for (const name of ['authorization', 'x-stipend-cost', 'x-forwarded-for', 'x-secret-hop', 'cookie']) {
      expect(headers).not.toHaveProperty(name);
    }
  });
});

/** In each wire's words, as its own SDKs read them. */
const DIALECTS: Readonly<Record<string, object>> = {
  'anthropic-messages': {
    type: 'error',
    error: { type: 'invalid_request_error', message: expect.stringMatching(/\w/) },
  },
  'openai-chat': { error: { type: 'invalid_request_error', message: expect.stringMatching(/\w/) } },
  'openai-responses': { error: { type: 'invalid_request_error', message: expect.stringMatching(/\w/) } },
  gemini: { error: { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringMatching(/\w/) } },
};

const deep = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;

describe.each(GENERATING)('a body on %s', (wire, words) => {
  const fit = JSON.stringify(words.body('hi', false));

  it.each([
    ['empty', ''],
    ['cut', fit.slice(0, -5)],
    ['with more behind it', `${fit}{}`],
    ['an array', '[]'],
    ['null', 'null'],
    ['a string', '"hi"'],
    ['nested ten thousand deep', deep(10_000)],
    ['with a byte order mark', `\ufeff${fit}`],
    [
      'in no UTF-8',
      Buffer.concat([Buffer.from(fit.slice(0, -1)), Buffer.from(',"x":"'), Buffer.of(0xff), Buffer.from('"}')]),
    ],
    ['with a NUL in a text', fit.replace('hi', 'h\0i')],
  ])('that is %s: 400 in the wire’s words', async (_what, body) => {
    const before = stage.upstream.requests.length;
    const { status, text, headers } = await ask(stage.stipend.url, { path: words.plainPath, key: person.key, body })
      .whole;
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject(DIALECTS[wire] ?? {});
    expect(headers['x-should-retry']).toBe('false');
    expect(stage.upstream.requests).toHaveLength(before);
  });

  it.each([
    ['another type', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['no type', { 'content-type': '' }],
    ['a packed body', { 'content-encoding': 'gzip' }],
    ['a body packed twice', { 'content-encoding': 'identity, gzip' }],
  ])('announced as %s: 415', async (_what, headers) => {
    const body = 'content-encoding' in headers ? gzipSync(fit) : fit;
    const { status } = await ask(stage.stipend.url, { path: words.plainPath, key: person.key, body, headers }).whole;
    expect(status).toBe(415);
  });
});

describe('what is priced', () => {
  const body = (more: string) => `{"model":"claude-sonnet-5","messages":[],${more}}`;

  it.each([
    ['no limit', '"x":1'],
    ['a limit of 0', '"max_tokens":0'],
    ['a limit below 0', '"max_tokens":-5'],
    ['half a token', '"max_tokens":1.5'],
    ['a limit in exponents', '"max_tokens":1e3'],
    ['a limit as text', '"max_tokens":"100"'],
    ['two limits', '"max_tokens":10,"max_tokens":100000'],
    ['two limits, one escaped', '"max_tokens":10,"max_\\u0074okens":100000'],
    ['a limit in another case', '"max_tokens":10,"Max_Tokens":100000'],
    ['two models', '"max_tokens":10,"model":"claude-opus-4-5"'],
    ['a tool nobody has priced', '"max_tokens":10,"tools":[{"type":"web_mine_20270101","name":"mine"}]'],
  ])('in Messages, %s: 400 that names the field', async (_what, more) => {
    const { status, text } = await ask(stage.stipend.url, { path: '/v1/messages', key: person.key, body: body(more) })
      .whole;
    expect(status).toBe(400);
    expect(JSON.parse(text).error.message).toMatch(/max_tokens|model|tool/);
  });

  it('passes prototypes inside a tool’s schema on, byte for byte', async () => {
    const schema = '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"prototype":{"a":1}}}}';
    const sent = `{"model":"claude-sonnet-5","max_tokens":50,"messages":[],  "tools":[{"name":"t","input_schema":${schema}}]}`;
    expect((await ask(stage.stipend.url, { path: '/v1/messages', key: person.key, body: sent }).whole).status).toBe(
      200,
    );
    expect(stage.upstream.requests.at(-1)?.body).toBe(sent);
  });
});

describe('a client that leaves', () => {
  it('while it sends its body: nothing is held, sent on or logged', async () => {
    const { personId, key } = await givePerson(stage.stipend, '1.00');
    const before = stage.upstream.requests.length;
    const request = httpRequest(`${stage.stipend.url}/v1/messages`, {
      method: 'POST',
      agent: false,
      headers: {
        'x-api-key': key,
        'content-type': 'application/json',
        'content-length': 1_000,
        expect: '100-continue',
      },
    });
    request.flushHeaders();
    await once(request, 'continue');
    request.write('{"model":');
    await follow(request).leave();
    expect(await balanceOf(stage.stipend, personId)).toMatchObject({ held: '0.00', spent: '0.00' });
    expect(stage.upstream.requests).toHaveLength(before);
  });
});
