/** The sandbox's faults on demand, as they look on the socket. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

interface Heard {
  readonly status: number | undefined;
  readonly chunks: readonly string[];
  readonly text: string;
  /** How the answer ended before its time. */
  readonly broken?: string;
}

function ask(directive: string, more: object = {}) {
  const body = { model: 'claude-opus-5', max_tokens: 1000, stream: true, messages: [{ role: 'user', content: '' }] };
  body.messages = [{ role: 'user', content: `say hi [[sandbox: ${directive}]]` }];
  const sent = request(`${sandbox.origin}/v1/messages`, { method: 'POST' });
  // What a broken answer is, its reader tells.
  sent.on('error', () => undefined);
  sent.end(JSON.stringify({ ...body, ...more }));
  return sent;
}

async function hear(directive: string, more: object = {}): Promise<Heard> {
  const [response] = (await once(ask(directive, more), 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  const heard = () => ({
    status: response.statusCode,
    chunks: chunks.map((chunk) => chunk.toString()),
    text: Buffer.concat(chunks).toString(),
  });
  try {
    // Each piece as it came off the socket: an iterator would join those that wait.
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(response, 'end');
    return heard();
  } catch (error) {
    return { ...heard(), broken: error instanceof Error && 'code' in error ? String(error.code) : 'unknown' };
  }
}

const eventsIn = (text: string) => [...text.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);

test('a stream is reset after so many events, and those arrive', async () => {
  const { text, broken } = await hear('reset after 4 events');
  expect(eventsIn(text)).toEqual(['message_start', 'ping', 'content_block_start', 'content_block_delta']);
  expect(broken).toBe('ECONNRESET');
});

test('a reset after no events comes before the head', async () => {
  await expect(hear('reset after 0 events')).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('a stream is cut after so many events, in good order', async () => {
  const { text, broken } = await hear('cut after 2 events');
  expect(eventsIn(text)).toEqual(['message_start', 'ping']);
  expect(broken).toBeUndefined();
});

test('an error event stands in the place of the rest', async () => {
  const { text, broken } = await hear('error event');
  expect(eventsIn(text)).toEqual(['message_start', 'ping', 'content_block_start', 'error']);
  expect(broken).toBeUndefined();
});

test('a plain answer ends early in its middle', async () => {
  const whole = await hear('output 9 tokens', { stream: false });
  expect(() => JSON.parse(whole.text)).not.toThrow();
  const cut = await hear('cut after 1 event', { stream: false });
  expect(cut).toMatchObject({ status: 200, text: expect.stringMatching(/^\{"id":"msg_/) });
  expect(() => JSON.parse(cut.text)).toThrow();
  expect(await hear('reset after 1 event', { stream: false })).toMatchObject({ broken: 'ECONNRESET' });
});

test('an empty answer is a head with nothing after it', async () => {
  expect(await hear('empty')).toEqual({ status: 200, chunks: [], text: '' });
});

test.each(['hang', 'delay 600000ms'])('%s: no head comes while others are answered', async (directive) => {
  const sent = ask(directive);
  let answered = false;
  sent.on('response', () => {
    answered = true;
  });
  for (let turn = 0; turn < 20; turn += 1) await hear('output 1 token');
  expect(answered).toBe(false);
  sent.destroy();
});

test('a stream hangs after so many events', async () => {
  const sent = ask('hang after 3 events');
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  response.on('data', (chunk) => {
    text += chunk;
  });
  for (let turn = 0; turn < 20; turn += 1) await hear('output 1 token');
  expect(eventsIn(text)).toHaveLength(3);
  expect(response.complete).toBe(false);
  response.on('error', () => undefined).destroy();
});

test('a slow stream has begun before its first words are there', async () => {
  const sent = ask('slow 1 tokens/s');
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  response.on('data', (chunk) => {
    text += chunk;
  });
  for (let turn = 0; turn < 20; turn += 1) await hear('output 1 token');
  expect(eventsIn(text)).toEqual(['message_start', 'ping', 'content_block_start']);
  response.on('error', () => undefined).destroy();
});

test('half UTF-8: letters are cut in two on the way, and whole when joined', async () => {
  const { chunks, text } = await hear('half utf-8');
  expect(text).toContain('日本語');
  expect(chunks.some((chunk) => chunk.includes('\ufffd'))).toBe(true);
  expect(text).not.toContain('\ufffd');
});

test('usage can be missing, or above the limit', async () => {
  expect((await hear('no usage')).text).not.toContain('"usage"');
  expect(JSON.parse((await hear('no usage', { stream: false })).text)).not.toHaveProperty('usage');
  const above = JSON.parse((await hear('usage above limit', { stream: false })).text);
  expect(above.usage.output_tokens).toBe(3000);
});

test('an answer has as many tokens as were asked for, thinking within', async () => {
  const { text } = await hear('think 40 tokens, output 100 tokens', { stream: false });
  expect(JSON.parse(text).usage).toMatchObject({
    output_tokens: 140,
    output_tokens_details: { thinking_tokens: 40 },
  });
});

test('one event can be of many megabytes', async () => {
  const { text } = await hear('event 10 MB');
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeGreaterThan(10 * 1024 * 1024);
  expect(eventsIn(text).at(-1)).toBe('message_stop');
});

test('a probe of the base path is answered', async () => {
  expect((await fetch(sandbox.origin, { method: 'HEAD' })).status).toBe(200);
});

test.each(['', '[]', 'null', '{', '"text"'])('a body of %j is an invalid request', async (body) => {
  const response = await fetch(`${sandbox.origin}/v1/messages`, { method: 'POST', body });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
});

test('more than a provider takes is refused, and the sandbox goes on', async () => {
  const body = Buffer.alloc(33 * 1024 * 1024, ' ');
  const response = await fetch(`${sandbox.origin}/v1/messages`, { method: 'POST', body });
  expect(response.status).toBe(413);
  expect((await hear('output 1 token')).status).toBe(200);
});

test('stopping ends what still runs', async () => {
  const short = await startSandbox();
  const sent = request(`${short.origin}/v1/messages`, { method: 'POST' });
  const ended = once(sent, 'response');
  const asking = { model: 'm', max_tokens: 1, messages: [{ role: 'user', content: '[[sandbox: hang]]' }] };
  sent.end(JSON.stringify(asking));
  await once(sent, 'finish');
  await short.stop();
  await expect(ended).rejects.toThrow();
});
