/** The sandbox as the OpenAI SDK sees it, pointed straight at it. */
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';

let sandbox: Sandbox;
let client: OpenAI;

beforeAll(async () => {
  sandbox = await startSandbox();
  client = new OpenAI({ baseURL: `${sandbox.origin}/openai/v1`, apiKey: 'none', maxRetries: 0 });
});
afterAll(() => sandbox.stop());

const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const LONG = 'one two three '.repeat(1000);

describe('chat completions', () => {
  const asking = (content: string) => ({ model: 'gpt-4.1', messages: [{ role: 'user' as const, content }] });
  const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters: PARAMETERS } }];

  test('a message is answered, whole and streamed, in the same words', async () => {
    const whole = await client.chat.completions.create(asking('say hi'));
    expect(whole.choices[0]).toMatchObject({ finish_reason: 'stop' });
    expect(whole.choices[0]?.message.content).toContain('Stipend sandbox');
    const streamed = await client.chat.completions.stream(asking('say hi')).finalChatCompletion();
    expect(streamed.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
  });

  test('a stream tells its usage when asked to, after the last choice, and else not', async () => {
    const usagesOf = async (more: { stream_options?: { include_usage: boolean } }) => {
      const usages = [];
      const stream = await client.chat.completions.create({ ...asking('say hi'), stream: true, ...more });
      for await (const chunk of stream) if (chunk.usage) usages.push([chunk.choices.length, chunk.usage.prompt_tokens]);
      return usages;
    };
    expect(await usagesOf({})).toEqual([]);
    expect(await usagesOf({ stream_options: { include_usage: false } })).toEqual([]);
    expect(await usagesOf({ stream_options: { include_usage: true } })).toEqual([[0, 2]]);
  });

  test('reasoning is counted within completion tokens, and shares their limit', async () => {
    const ask = (limit: number) =>
      client.chat.completions.create({ ...asking('say hi'), model: 'gpt-5', max_completion_tokens: limit });
    const { usage } = await ask(1000);
    expect(usage?.completion_tokens_details?.reasoning_tokens).toBe(32);
    expect(usage?.completion_tokens).toBeGreaterThan(32);
    const cut = await ask(20);
    expect(cut.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: '' } });
    expect(cut.usage?.completion_tokens).toBe(20);
  });

  test('n answers cost n times as much', async () => {
    const one = await client.chat.completions.create(asking('say hi'));
    const three = await client.chat.completions.create({ ...asking('say hi'), n: 3 });
    expect(three.choices.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(three.usage?.completion_tokens).toBe(3 * (one.usage?.completion_tokens ?? 0));
  });

  test.each(['whole', 'streamed'])('a tool is called, and its result answered: %s', async (how) => {
    const send = (params: OpenAI.ChatCompletionCreateParamsNonStreaming) =>
      how === 'whole'
        ? client.chat.completions.create(params)
        : client.chat.completions.stream({ ...params, stream: true }).finalChatCompletion();
    const ask = { ...asking('call get_weather'), tools };
    const message = (await send(ask)).choices[0]?.message;
    const [call] = message?.tool_calls ?? [];
    if (!message || call?.type !== 'function') throw new Error('no tool was called');
    expect(call.function.name).toBe('get_weather');
    expect(JSON.parse(call.function.arguments)).toEqual({ city: 'sandbox' });
    const result = { role: 'tool' as const, tool_call_id: call.id, content: '21 degrees' };
    const answered = await send({ ...ask, messages: [...ask.messages, message, result] });
    expect(answered.choices[0]?.message.content).toContain('21 degrees');
  });

  test('JSON of a schema is answered where it is asked for', async () => {
    const schema = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] };
    const response_format = { type: 'json_schema' as const, json_schema: { name: 'title', schema } };
    const { choices } = await client.chat.completions.create({ ...asking('say hi'), response_format });
    expect(JSON.parse(choices[0]?.message.content ?? '')).toEqual({ title: 'sandbox' });
  });

  test('a long prefix is read from the cache the second time, and newer models tell the writes', async () => {
    const cachedOf = async (model: string) =>
      (await client.chat.completions.create({ ...asking(LONG), model })).usage?.prompt_tokens_details;
    expect(await cachedOf('gpt-5.4')).toEqual({ audio_tokens: 0, cached_tokens: 0 });
    expect((await cachedOf('gpt-5.4'))?.cached_tokens).toBeGreaterThan(1024);
    expect(await cachedOf('gpt-5.6')).toMatchObject({ cached_tokens: 0, cache_write_tokens: expect.any(Number) });
  });

  test('errors have this provider’s shape', async () => {
    const ask = (text: string) => client.chat.completions.create(asking(text)).catch((error: unknown) => error);
    expect(await ask('[[sandbox: status 429]]')).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect(await ask('[[sandbox: status 503]]')).toMatchObject({ status: 503, type: 'server_error' });
    expect(await ask('[[sandbox: explode]]')).toMatchObject({ status: 400, type: 'invalid_request_error' });
  });

  test('an error in mid-stream is raised by the SDK', async () => {
    const stream = client.chat.completions.stream(asking('[[sandbox: error event]]'));
    await expect(stream.finalChatCompletion()).rejects.toBeInstanceOf(OpenAI.APIError);
  });
});

describe('responses', () => {
  const asking = (input: string) => ({ model: 'gpt-5', input });
  const tools = [
    { type: 'function' as const, name: 'get_weather', parameters: PARAMETERS, strict: false },
    { type: 'web_search' as const },
  ];

  test('an input is answered, whole and streamed, in the same words and at the same usage', async () => {
    const whole = await client.responses.create(asking('say hi'));
    expect(whole.output_text).toContain('Stipend sandbox');
    expect(whole.output.map(({ type }) => type)).toEqual(['reasoning', 'message']);
    const streamed = await client.responses.stream(asking('say hi')).finalResponse();
    expect(streamed.output_text).toBe(whole.output_text);
    expect(streamed.usage).toEqual(whole.usage);
    expect(whole.usage).toMatchObject({ input_tokens: 2, output_tokens_details: { reasoning_tokens: 32 } });
  });

  test('events are numbered in order, and the last one is response.completed', async () => {
    const events = [];
    for await (const event of await client.responses.create({ ...asking('say hi'), stream: true })) events.push(event);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    expect(events.at(-1)?.type).toBe('response.completed');
  });

  test('an answer that is cut by its limit is incomplete, and tells its usage', async () => {
    const { status, incomplete_details, usage } = await client.responses.create({
      ...asking('say hi'),
      max_output_tokens: 40,
    });
    expect(status).toBe('incomplete');
    expect(incomplete_details).toEqual({ reason: 'max_output_tokens' });
    expect(usage?.output_tokens).toBe(40);
  });

  test.each(['whole', 'streamed'])('a tool is called, and its result answered: %s', async (how) => {
    const send = async (input: OpenAI.Responses.ResponseInput) =>
      how === 'whole'
        ? client.responses.create({ model: 'gpt-5', tools, input })
        : client.responses.stream({ model: 'gpt-5', tools, input }).finalResponse();
    const ask: OpenAI.Responses.ResponseInput = [{ role: 'user', content: 'use the get_weather tool' }];
    const { output } = await send(ask);
    const [call] = output.flatMap((item) => (item.type === 'function_call' ? [item] : []));
    if (!call) throw new Error('no tool was called');
    expect(JSON.parse(call.arguments)).toEqual({ city: 'sandbox' });
    const given = { type: 'function_call_output' as const, call_id: call.call_id, output: '21 degrees' };
    expect((await send([...ask, call, given])).output_text).toContain('21 degrees');
  });

  test('a refusal is a refusal', async () => {
    const { output } = await client.responses.stream(asking('[[sandbox: refuse]]')).finalResponse();
    const message = output.find((item) => item.type === 'message');
    expect(message).toMatchObject({ content: [{ type: 'refusal' }] });
  });

  test('an error in mid-stream is response.failed', async () => {
    const events = [];
    const stream = await client.responses.create({
      ...asking('[[sandbox: error event after 2 events]]'),
      stream: true,
    });
    for await (const event of stream) events.push(event.type);
    expect(events).toEqual(['response.created', 'response.in_progress', 'response.failed']);
  });
});

describe('embeddings', () => {
  test('each input has a vector of length 1, the same for the same text', async () => {
    const { data, usage } = await client.embeddings.create({
      model: 'text-embedding-3-small',
      input: ['one', 'two', 'one'],
    });
    expect(data.map(({ embedding }) => embedding.length)).toEqual([1536, 1536, 1536]);
    expect(Math.hypot(...(data[0]?.embedding ?? []))).toBeCloseTo(1, 5);
    expect(data[0]?.embedding).toEqual(data[2]?.embedding);
    expect(data[0]?.embedding).not.toEqual(data[1]?.embedding);
    expect(usage).toEqual({ prompt_tokens: 3, total_tokens: 3 });
  });

  test('floats and base64 are the same numbers, and token ids are an input', async () => {
    const ask = async (encoding_format: 'float' | 'base64') =>
      client.embeddings.create({ model: 'text-embedding-3-large', input: [1, 2, 3], dimensions: 64, encoding_format });
    const [floats, encoded] = [await ask('float'), await ask('base64')];
    expect(floats.usage.prompt_tokens).toBe(3);
    const bytes = Buffer.from(String(encoded.data[0]?.embedding), 'base64');
    const decoded = Array.from({ length: 64 }, (_, at) => bytes.readFloatLE(4 * at));
    expect(floats.data[0]?.embedding).toEqual(decoded);
  });
});

test('models are listed', async () => {
  const listed = [];
  for await (const { id } of client.models.list()) listed.push(id);
  expect(listed).toContain('gpt-5');
});
