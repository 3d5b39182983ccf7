/** The sandbox as the Anthropic SDK sees it, pointed straight at it. */
import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';

let sandbox: Sandbox;
let client: Anthropic;

beforeAll(async () => {
  sandbox = await startSandbox();
  client = new Anthropic({ baseURL: `${sandbox.origin}/anthropic`, apiKey: 'none', maxRetries: 0 });
});
afterAll(() => sandbox.stop());

const asking = (content: string, more: Partial<Anthropic.MessageCreateParamsNonStreaming> = {}) => ({
  model: 'claude-opus-5',
  max_tokens: 2000,
  messages: [{ role: 'user' as const, content }],
  ...more,
});

const WEATHER: Anthropic.Tool = {
  name: 'get_weather',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

test('a message is answered, whole and streamed, in the same words and at the same usage', async () => {
  const whole = await client.messages.create(asking('say hi'));
  const streamed = await client.messages.stream(asking('say hi')).finalMessage();
  expect(whole).toMatchObject({ role: 'assistant', stop_reason: 'end_turn', model: 'claude-opus-5' });
  expect(whole.content[0]).toMatchObject({ type: 'text', text: expect.stringContaining('Stipend sandbox') });
  expect(streamed.content[0]).toMatchObject({ text: whole.content[0]?.type === 'text' ? whole.content[0].text : '' });
  expect(streamed.usage).toMatchObject({ input_tokens: 2, output_tokens: whole.usage.output_tokens });
});

test('the same request has the same answer, to the byte', async () => {
  const ask = async () => (await client.messages.create(asking('again')).asResponse()).text();
  expect(await ask()).toBe(await ask());
});

test('max_tokens cuts the answer', async () => {
  const { stop_reason, usage } = await client.messages.create(asking('say hi', { max_tokens: 7 }));
  expect(stop_reason).toBe('max_tokens');
  expect(usage.output_tokens).toBe(7);
});

test('thinking is streamed before the text, signed, and counted within the output', async () => {
  const thinking = { type: 'enabled', budget_tokens: 1024 } as const;
  const { content, usage } = await client.messages.stream(asking('say hi', { thinking })).finalMessage();
  expect(content.map(({ type }) => type)).toEqual(['thinking', 'text']);
  expect(content[0]).toMatchObject({ signature: expect.stringMatching(/./) });
  const thought = usage.output_tokens_details?.thinking_tokens ?? 0;
  expect(thought).toBeGreaterThan(0);
  expect(usage.output_tokens).toBeGreaterThan(thought);
});

test.each(['whole', 'streamed'])(
  'a tool is called where the prompt says so, and its result answered: %s',
  async (how) => {
    const send = (params: Anthropic.MessageCreateParamsNonStreaming) =>
      how === 'whole' ? client.messages.create(params) : client.messages.stream(params).finalMessage();
    const ask = asking('Please use get_weather [[sandbox: call get_weather {"city":"Delft"}]]', { tools: [WEATHER] });
    const called = await send(ask);
    expect(called.stop_reason).toBe('tool_use');
    const [use] = called.content;
    if (use?.type !== 'tool_use') throw new Error('no tool was called');
    expect(use).toMatchObject({ name: 'get_weather', input: { city: 'Delft' } });
    const result = { type: 'tool_result' as const, tool_use_id: use.id, content: '21 degrees' };
    const messages = [
      ...ask.messages,
      { role: 'assistant' as const, content: called.content },
      { role: 'user' as const, content: [result] },
    ];
    const answered = await send({ ...ask, messages });
    expect(answered.stop_reason).toBe('end_turn');
    expect(answered.content[0]).toMatchObject({ text: expect.stringContaining('21 degrees') });
  },
);

test('a marked prefix is written to the cache, then read from it', async () => {
  const cached = {
    type: 'text' as const,
    text: 'one two three '.repeat(1000),
    cache_control: { type: 'ephemeral' as const, ttl: '1h' as const },
  };
  const first = await client.messages.create(asking('one', { system: [cached] }));
  const then = await client.messages.create(asking('two', { system: [cached] }));
  const written = first.usage.cache_creation?.ephemeral_1h_input_tokens ?? 0;
  expect(written).toBeGreaterThan(1024);
  expect(first.usage).toMatchObject({ cache_creation_input_tokens: written, cache_read_input_tokens: 0 });
  expect(then.usage).toMatchObject({ cache_creation_input_tokens: 0, cache_read_input_tokens: written });
});

test('tokens are counted and models listed', async () => {
  const { input_tokens } = await client.messages.countTokens({
    model: 'claude-opus-5',
    messages: [{ role: 'user', content: 'say hi' }],
  });
  expect(input_tokens).toBe(2);
  const listed = [];
  for await (const { id } of client.models.list()) listed.push(id);
  expect(listed).toContain('claude-opus-5');
});

test.each([
  ['400', Anthropic.BadRequestError, 'invalid_request_error'],
  ['429 retry-after 2', Anthropic.RateLimitError, 'rate_limit_error'],
  ['500', Anthropic.InternalServerError, 'api_error'],
  ['529', Anthropic.InternalServerError, 'overloaded_error'],
])('status %s is this provider’s error', async (status, kind, type) => {
  const error: unknown = await client.messages.create(asking(`[[sandbox: status ${status}]]`)).catch((each) => each);
  expect(error).toBeInstanceOf(kind);
  expect(error).toMatchObject({ error: { type: 'error', error: { type } } });
  const retryAfter = error instanceof Anthropic.APIError ? error.headers?.get('retry-after') : undefined;
  expect(retryAfter).toBe(status.includes('retry-after') ? '2' : null);
});

test('an error event in mid-stream is raised by the SDK', async () => {
  const stream = client.messages.stream(asking('[[sandbox: error event after 4 events]]'));
  await expect(stream.finalMessage()).rejects.toMatchObject({ error: { error: { type: 'overloaded_error' } } });
});

test('a refusal says why it stopped', async () => {
  const { stop_reason, usage } = await client.messages.create(asking('[[sandbox: refuse]]'));
  expect(stop_reason).toBe('refusal');
  expect(usage.output_tokens).toBe(0);
});

test.each([
  ['no model', { max_tokens: 1, messages: [{ role: 'user', content: 'hi' }] }],
  ['no max_tokens', { model: 'm', messages: [{ role: 'user', content: 'hi' }] }],
  ['max_tokens 0', { model: 'm', max_tokens: 0, messages: [{ role: 'user', content: 'hi' }] }],
  ['no messages', { model: 'm', max_tokens: 1, messages: [] }],
  ['an unknown marker', { model: 'm', max_tokens: 1, messages: [{ role: 'user', content: '[[sandbox: explode]]' }] }],
])('%s is an invalid request', async (_what, body) => {
  await expect(client.post('/v1/messages', { body })).rejects.toBeInstanceOf(Anthropic.BadRequestError);
});

test('where there is no endpoint, that is said in this provider’s words', async () => {
  await expect(client.post('/v1/complete', { body: {} })).rejects.toBeInstanceOf(Anthropic.NotFoundError);
});
