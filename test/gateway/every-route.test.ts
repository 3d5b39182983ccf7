/** Every metered route × streaming or not has the same checks: a key, a price, a hold, a meter. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIXED_ROUTES, GEMINI_ACTIONS } from '../../src/gateway/route.ts';
import { balanceOf, givePerson, type Running, startStipend } from '../stage/stipend.ts';

let stipend: Running;

beforeAll(async () => {
  stipend = await startStipend();
}, 120_000);

afterAll(() => stipend.dispose());

interface RouteCase {
  readonly path: string;
  readonly body: (model: string) => Readonly<Record<string, unknown>>;
  readonly model: string;
  /** The path carries the model, so that it is not in the body. */
  readonly pathOf?: (model: string) => string;
}

const hi = [{ role: 'user', content: 'hi' }];
const contents = [{ role: 'user', parts: [{ text: 'hi' }] }];

/** A small request for each metered action there is; an action without one fails the test below. */
const BODIES: Readonly<Record<string, readonly ((model: string) => Readonly<Record<string, unknown>>)[]>> = {
  messages: [
    (model) => ({ model, max_tokens: 50, messages: hi }),
    (model) => ({ model, max_tokens: 50, messages: hi, stream: true }),
  ],
  chat: [(model) => ({ model, messages: hi }), (model) => ({ model, messages: hi, stream: true })],
  responses: [(model) => ({ model, input: 'hi' }), (model) => ({ model, input: 'hi', stream: true })],
  embeddings: [(model) => ({ model, input: 'hi' })],
  generateContent: [() => ({ contents })],
  streamGenerateContent: [() => ({ contents })],
  embedContent: [() => ({ content: { parts: [{ text: 'hi' }] } })],
  batchEmbedContents: [(model) => ({ requests: [{ model: `models/${model}`, content: { parts: [{ text: 'hi' }] } }] })],
};

function modelFor(action: string): string {
  if (action === 'messages') return 'claude-sonnet-5';
  if (action === 'embeddings') return 'text-embedding-3-small';
  if (action.startsWith('embed') || action.startsWith('batch')) return 'gemini-embedding-001';
  return action === 'chat' || action === 'responses' ? 'gpt-5.4' : 'gemini-2.5-pro';
}

function casesOf(path: string, action: string): readonly RouteCase[] {
  const bodies = BODIES[action];
  if (!bodies) throw new Error(`no request is known for the metered action ${action}`);
  return bodies.map((body) => ({ path, body, model: modelFor(action) }));
}

const metered: readonly [string, RouteCase][] = [
  ...Object.values(FIXED_ROUTES)
    .flat()
    .filter((route) => route.kind === 'metered')
    .flatMap((route) => casesOf(route.path, route.action)),
  ...Object.entries(GEMINI_ACTIONS)
    .filter(([, kind]) => kind === 'metered')
    .flatMap(([action]) =>
      casesOf(`/v1beta/models/MODEL:${action}`, action).map((each) => ({
        ...each,
        pathOf: (model: string) => `/v1beta/models/${model}:${action}`,
      })),
    ),
].map((each) => [
  `${each.path} ${JSON.stringify(each.body(each.model)).includes('"stream":true') ? 'streamed' : ''}`,
  each,
]);

function post({ path, pathOf, body }: RouteCase, model: string, headers: Readonly<Record<string, string>>) {
  return fetch(`${stipend.url}${pathOf ? pathOf(model) : path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body(model)),
  });
}

describe.each(metered)('%s', (_, route) => {
  it('wants a key', async () => {
    expect((await post(route, route.model, {})).status).toBe(401);
    expect((await post(route, route.model, { authorization: 'Bearer stp_live_none' })).status).toBe(401);
  });

  it('takes no key that differs from another sent with it', async () => {
    const { key } = await givePerson(stipend, '1.00');
    expect((await post(route, route.model, { 'x-api-key': key, authorization: 'Bearer other' })).status).toBe(401);
  });

  it('lets no model through that has no price', async () => {
    const { key } = await givePerson(stipend, '1.00');
    const answer = await post(route, 'no-such-model-1', { 'x-api-key': key });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('no price');
  });

  it('holds before it lets go: a spent budget is refused', async () => {
    const { key } = await givePerson(stipend, '0.000000001');
    const answer = await post(route, route.model, { 'x-api-key': key });
    expect(answer.status).toBe(402);
    expect(answer.headers.get('x-should-retry')).toBe('false');
  });

  it('meters: the balance is less by what the answer cost, at once', async () => {
    const { personId, key } = await givePerson(stipend, '100.00');
    const answer = await post(route, route.model, { 'x-api-key': key });
    expect(answer.status).toBe(200);
    await answer.text();
    expect(answer.headers.get('x-request-id')).toMatch(/\w/);
    const balance = await balanceOf(stipend, personId);
    expect(balance.spent).not.toBe('0.00');
    expect(balance).toMatchObject({ held: '0.00', overrun: '0.00' });
    const cost = answer.headers.get('x-stipend-cost');
    if (cost !== null)
      expect(balance).toMatchObject({ spent: cost, available: answer.headers.get('x-stipend-available') });
  });
});

describe('every other path', () => {
  it.each([
    '/v1/batches',
    '/v1/files',
    '/v1/messages/batches',
    '/v1/audio/speech',
    '/v1beta/files',
    '/openai/v1/images/generations',
  ])('%s is refused, key or no key', async (path) => {
    const { key } = await givePerson(stipend, '1.00');
    const answer = await fetch(`${stipend.url}${path}`, { method: 'POST', headers: { 'x-api-key': key }, body: '{}' });
    expect(answer.status).toBe(404);
  });
});

it('a list of models has those that the key may call', async () => {
  const { personId } = await givePerson(stipend, '1.00');
  const limits = { models: ['claude-sonnet-5'] };
  const { body } = await stipend.api('POST', '/keys', { personId, name: 'one model', limits });
  const answer = await fetch(`${stipend.url}/anthropic/v1/models`, { headers: { 'x-api-key': String(body.key) } });
  expect(await answer.json()).toMatchObject({ data: [{ id: 'claude-sonnet-5' }] });
});
