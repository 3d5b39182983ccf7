import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, connect, createServer as createSocketServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { ProviderName, UpstreamCall, UpstreamFailure, UpstreamHandler } from '../app/ports.ts';
import { ProviderUpstreams, UPSTREAM_TIMEOUTS, type UpstreamsOptions } from './upstreams.ts';

const cleanups: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listen(server: ReturnType<typeof createServer> | ReturnType<typeof createSocketServer>) {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', () => listening.resolve());
  await listening.promise;
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const providerAt = async (answer: RequestListener) => `http://127.0.0.1:${await listen(createServer(answer))}`;
const socketsAt = async (answer: (socket: Socket) => void) =>
  `http://127.0.0.1:${await listen(createSocketServer(answer))}`;

function upstreamsTo(baseUrl: string | null, options: Partial<UpstreamsOptions> = {}): ProviderUpstreams {
  const upstreams = new ProviderUpstreams({
    providers: { anthropic: baseUrl === null ? null : { baseUrl, apiKey: 'sk-company' }, openai: null, gemini: null },
    sandboxOrigin: 'http://127.0.0.1:9',
    allowPrivate: true,
    instance: 'here',
    ...options,
  });
  cleanups.push(() => upstreams.close());
  return upstreams;
}

const MESSAGE: UpstreamCall = {
  provider: 'anthropic',
  destination: 'anthropic',
  method: 'POST',
  path: '/v1/messages',
  headers: { 'content-type': 'application/json' },
  body: new TextEncoder().encode('{"model":"m"}'),
};

interface Told {
  status?: number;
  headers: Readonly<Record<string, string | string[]>>;
  text: string;
  failure?: UpstreamFailure;
}

/** Runs a call and gives what its handler was told. `seen` is called at every piece. */
function told(upstreams: ProviderUpstreams, call: UpstreamCall, seen?: (running: { abort(): void }) => void) {
  const { promise, resolve, reject } = Promise.withResolvers<Told>();
  const so: Told = { headers: {}, text: '' };
  let over = false;
  let started = false;
  const end = () => {
    if (over) reject(new Error('ended twice'));
    if (!started) reject(new Error('told before start returned'));
    over = true;
    resolve(so);
  };
  const running = upstreams.start(call, {
    head(status, headers) {
      if (so.status !== undefined) reject(new Error('a second head'));
      so.status = status;
      so.headers = headers;
    },
    data(chunk) {
      if (over) reject(new Error('data after the end'));
      so.text += new TextDecoder().decode(chunk);
      seen?.(running);
      return true;
    },
    ended: end,
    failed(failure) {
      so.failure = failure;
      end();
    },
  });
  started = true;
  return promise;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

test('the bytes arrive at the provider and its answer comes back, under the company’s key', async () => {
  const baseUrl = await providerAt(async (request, response) => {
    const { headers, method, url } = request;
    response.writeHead(200, { 'content-type': 'application/json', 'set-cookie': 'a=b', 'request-id': 'req_1' });
    response.end(JSON.stringify({ method, url, key: headers['x-api-key'], body: await bodyOf(request) }));
  });
  const { status, headers, text } = await told(upstreamsTo(`${baseUrl}/proxy`), MESSAGE);
  expect(status).toBe(200);
  expect(headers).toHaveProperty('request-id', 'req_1');
  expect(headers).not.toHaveProperty('set-cookie');
  expect(JSON.parse(text)).toEqual({
    method: 'POST',
    url: '/proxy/v1/messages',
    key: 'sk-company',
    body: '{"model":"m"}',
  });
});

test('a redirect is an answer, and is not followed', async () => {
  const asked: string[] = [];
  const baseUrl = await providerAt((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(307, { location: '/v1/elsewhere' }).end();
  });
  const { status, headers } = await told(upstreamsTo(baseUrl), MESSAGE);
  expect(status).toBe(307);
  expect(headers).not.toHaveProperty('location');
  expect(asked).toEqual(['/v1/messages']);
});

test('an interim answer is not taken for the answer', async () => {
  const baseUrl = await providerAt((_request, response) => {
    response.writeEarlyHints({ link: '</x>; rel=preload' });
    response.writeHead(201).end('done');
  });
  expect(await told(upstreamsTo(baseUrl), MESSAGE)).toMatchObject({ status: 201, text: 'done' });
});

test('nobody listens: connect, nothing sent', async () => {
  const server = createSocketServer();
  const port = await listen(server);
  server.close();
  const { failure } = await told(upstreamsTo(`http://127.0.0.1:${port}`), MESSAGE);
  expect(failure).toMatchObject({ kind: 'connect', sent: false });
});

test('no head in time: timeout, sent', async () => {
  const baseUrl = await providerAt(() => undefined);
  const upstreams = upstreamsTo(baseUrl, { timeouts: { ...UPSTREAM_TIMEOUTS, headMs: 50 } });
  expect((await told(upstreams, MESSAGE)).failure).toMatchObject({ kind: 'timeout', sent: true });
});

test('a stream that falls silent: timeout, after what came', async () => {
  const baseUrl = await providerAt((_request, response) => response.write('half'));
  const upstreams = upstreamsTo(baseUrl, { timeouts: { ...UPSTREAM_TIMEOUTS, idleMs: 50 } });
  expect(await told(upstreams, MESSAGE)).toMatchObject({ text: 'half', failure: { kind: 'timeout', sent: true } });
});

test('a connection reset before the head, and one in mid-stream: reset, sent', async () => {
  const early = await socketsAt((socket) => socket.once('data', () => socket.resetAndDestroy()));
  expect((await told(upstreamsTo(early), MESSAGE)).failure).toMatchObject({ kind: 'reset', sent: true });
  const late = await providerAt((_request, response) =>
    response.write('half', () => response.socket?.resetAndDestroy()),
  );
  expect((await told(upstreamsTo(late), MESSAGE)).failure).toMatchObject({ kind: 'reset', sent: true });
});

test.each([
  ['a chunked answer without its last chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
  ['an answer shorter than its length', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'],
])('the provider closes its side in %s: reset, and never a finished answer', async (_what, bytes) => {
  const baseUrl = await socketsAt((socket) => socket.once('data', () => socket.end(bytes)));
  expect(await told(upstreamsTo(baseUrl), MESSAGE)).toMatchObject({
    text: 'half',
    failure: { kind: 'reset', sent: true },
  });
});

test('what is no HTTP: reset, sent', async () => {
  const baseUrl = await socketsAt((socket) => socket.once('data', () => socket.end('SSH-2.0-x\r\n')));
  expect((await told(upstreamsTo(baseUrl), MESSAGE)).failure).toMatchObject({ kind: 'reset', sent: true });
});

test('an abort in mid-stream is told once and closes the provider’s connection', async () => {
  const closed = Promise.withResolvers<void>();
  const baseUrl = await providerAt((_request, response) => {
    response.on('close', closed.resolve);
    response.write('half');
  });
  const { failure } = await told(upstreamsTo(baseUrl), MESSAGE, (running) => {
    running.abort();
    running.abort();
  });
  expect(failure).toMatchObject({ kind: 'aborted', sent: true });
  await closed.promise;
});

test('an abort before there is a connection sends nothing', async () => {
  let asked = 0;
  const baseUrl = await providerAt((_request, response) => {
    asked += 1;
    response.end();
  });
  const upstreams = upstreamsTo(baseUrl);
  const failed = Promise.withResolvers<UpstreamFailure>();
  const handler: UpstreamHandler = {
    head: () => failed.reject(new Error('answered')),
    data: () => true,
    ended: () => failed.reject(new Error('ended')),
    failed: failed.resolve,
  };
  upstreams.start(MESSAGE, handler).abort();
  expect(await failed.promise).toMatchObject({ kind: 'aborted', sent: false });
  await told(upstreams, MESSAGE);
  expect(asked).toBe(1);
});

test('a full reader is given nothing more, the provider is stopped, and the rest comes when it is asked for', async () => {
  const size = 64 * 1024 * 1024;
  let written = 0;
  const baseUrl = await providerAt((request, response) => {
    if (request.method === 'GET') return response.end();
    const piece = Buffer.alloc(64 * 1024, 'x');
    const push = (): void => {
      while (written < size && !response.writableNeedDrain) {
        written += piece.length;
        response.write(piece);
      }
      if (written < size) response.once('drain', push);
      else response.end();
    };
    return push();
  });
  const upstreams = upstreamsTo(baseUrl);
  const first = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  let full = true;
  let pieces = 0;
  let read = 0;
  const running = upstreams.start(MESSAGE, {
    head: () => undefined,
    data(chunk) {
      pieces += 1;
      read += chunk.length;
      first.resolve();
      return !full;
    },
    ended: done.resolve,
    failed: ({ cause }) => done.reject(cause),
  });
  await first.promise;
  // Enough turns of both ends for the whole answer to arrive, if nothing held it.
  const { body: _none, ...other } = MESSAGE;
  for (let turn = 0; turn < 50; turn += 1) await told(upstreams, { ...other, method: 'GET', path: '/v1/models' });
  expect(pieces).toBe(1);
  expect(written).toBeLessThan(size / 2);
  full = false;
  running.resume();
  await done.promise;
  expect(read).toBe(size);
});

test('a provider without a credential is served by the sandbox, in the book of test money', async () => {
  const asked: (string | undefined)[] = [];
  const sandboxOrigin = await providerAt((request, response) => {
    asked.push(request.url, request.headers.authorization, request.headers['x-api-key']?.toString());
    response.end();
  });
  const upstreams = upstreamsTo(null, { sandboxOrigin, allowPrivate: false });
  expect(await upstreams.route('openai')).toEqual({ book: 'test', name: 'sandbox' });
  const { status } = await told(upstreams, {
    ...MESSAGE,
    provider: 'openai',
    destination: 'sandbox',
    path: '/v1/responses',
    headers: { authorization: 'Bearer stp_live_x', 'x-api-key': 'stp_live_x' },
  });
  expect(status).toBe(200);
  expect(asked).toEqual(['/openai/v1/responses', undefined, undefined]);
});

test('a call booked as test money is not sent to a provider that has been given its credential since', async () => {
  let asked = 0;
  const baseUrl = await providerAt((_request, response) => {
    asked += 1;
    response.end();
  });
  const upstreams = upstreamsTo(null);
  const { name } = await upstreams.route('anthropic');
  upstreams.configure('anthropic', { baseUrl, apiKey: 'sk-company' });
  const { failure } = await told(upstreams, { ...MESSAGE, destination: name });
  expect(failure).toMatchObject({ kind: 'blocked', sent: false });
  expect(await upstreams.route('anthropic')).toEqual({ book: 'live', name: 'anthropic' });
  expect(asked).toBe(0);
});

test('a new credential is used by the next call, and a call on its way ends where it began', async () => {
  const release = Promise.withResolvers<void>();
  const began = Promise.withResolvers<void>();
  const old = await providerAt(async (_request, response) => {
    began.resolve();
    await release.promise;
    response.end('old');
  });
  const next = await providerAt((request, response) => response.end(request.headers['x-api-key']));
  const upstreams = upstreamsTo(old);
  const running = told(upstreams, MESSAGE);
  await began.promise;
  upstreams.configure('anthropic', { baseUrl: next, apiKey: 'sk-next' });
  expect((await told(upstreams, MESSAGE)).text).toBe('sk-next');
  release.resolve();
  expect((await running).text).toBe('old');
});

test.each([
  'http://127.0.0.1:1',
  'http://[::1]:1',
  'http://[::ffff:127.0.0.1]:1',
  'http://169.254.169.254',
  'file:///etc',
])('%s cannot be configured, and what was configured stays', async (baseUrl) => {
  const upstreams = upstreamsTo('https://api.anthropic.com', { allowPrivate: false });
  expect(() => upstreams.configure('anthropic', { baseUrl, apiKey: 'k' })).toThrow(RangeError);
  expect(await upstreams.route('anthropic')).toEqual({ book: 'live', name: 'anthropic' });
});

test('a public name that resolves to loopback is blocked when connecting, and nothing is sent', async () => {
  let connections = 0;
  const port = await listen(createSocketServer(() => connections++));
  const upstreams = upstreamsTo(`http://localtest.invalid:${port}`, {
    allowPrivate: false,
    resolve: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  expect((await told(upstreams, MESSAGE)).failure).toMatchObject({ kind: 'blocked', sent: false });
  expect(connections).toBe(0);
  // The same server is there for who may reach it: nothing but the guard kept the call away.
  const reached = Promise.withResolvers<void>();
  connect(port, '127.0.0.1', reached.resolve);
  await reached.promise;
});

test('a path that is none of a provider’s is blocked', async () => {
  const upstreams = upstreamsTo('https://api.anthropic.com');
  const provider: ProviderName = 'anthropic';
  const { failure } = await told(upstreams, { ...MESSAGE, provider, path: '/v1/../admin' });
  expect(failure).toMatchObject({ kind: 'blocked', sent: false });
});

test('close ends the calls that still run', async () => {
  const began = Promise.withResolvers<void>();
  const baseUrl = await providerAt(() => began.resolve());
  const upstreams = upstreamsTo(baseUrl);
  const running = told(upstreams, MESSAGE);
  await began.promise;
  await upstreams.close();
  expect((await running).failure).toMatchObject({ kind: 'reset', sent: true });
});
