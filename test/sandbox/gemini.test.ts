/** The sandbox as Google's SDK sees it, pointed straight at it. */
import { ApiError, FinishReason, GoogleGenAI, Type } from '@google/genai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';

let sandbox: Sandbox;
let models: GoogleGenAI['models'];

beforeAll(async () => {
  sandbox = await startSandbox();
  models = new GoogleGenAI({ apiKey: 'none', httpOptions: { baseUrl: `${sandbox.origin}/gemini` } }).models;
});
afterAll(() => sandbox.stop());

const MODEL = 'gemini-2.5-pro';

async function streamed(...[params]: Parameters<GoogleGenAI['models']['generateContentStream']>) {
  const chunks = [];
  for await (const chunk of await models.generateContentStream(params)) chunks.push(chunk);
  return chunks;
}

test('contents are answered, whole and streamed, in the same words and at the same usage', async () => {
  const whole = await models.generateContent({ model: MODEL, contents: 'say hi' });
  expect(whole.text).toContain('Stipend sandbox');
  expect(whole.candidates?.[0]?.finishReason).toBe(FinishReason.STOP);
  const chunks = await streamed({ model: MODEL, contents: 'say hi' });
  expect(chunks.map(({ text }) => text ?? '').join('')).toBe(whole.text);
  expect(chunks.at(-1)?.usageMetadata).toEqual(whole.usageMetadata);
  expect(whole.usageMetadata).toMatchObject({ promptTokenCount: 2, thoughtsTokenCount: 32 });
});

test('usage is cumulative over a stream, and thoughts lie outside the candidates', async () => {
  const counts = (await streamed({ model: MODEL, contents: 'say hi' })).map(({ usageMetadata }) => usageMetadata);
  const candidates = counts.map((usage) => usage?.candidatesTokenCount ?? 0);
  expect(candidates).toEqual(candidates.toSorted((a, b) => a - b));
  for (const usage of counts) {
    const { promptTokenCount = 0, candidatesTokenCount = 0, thoughtsTokenCount = 0 } = usage ?? {};
    expect(usage?.totalTokenCount).toBe(promptTokenCount + candidatesTokenCount + thoughtsTokenCount);
  }
});

test('a stream without alt=sse is one JSON array of the same chunks', async () => {
  const url = `${sandbox.origin}/v1beta/models/${MODEL}:streamGenerateContent`;
  const body = JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'say hi' }] }] });
  const array = (await (await fetch(url, { method: 'POST', body })).json()) as {
    candidates: { finishReason?: string }[];
  }[];
  expect(array.length).toBe((await streamed({ model: MODEL, contents: 'say hi' })).length);
  expect(array.at(-1)?.candidates[0]?.finishReason).toBe('STOP');
});

test('thoughts are shown when asked for, and none are thought when turned off', async () => {
  const ask = (thinkingConfig: { includeThoughts?: boolean; thinkingBudget?: number }) =>
    models.generateContent({ model: MODEL, contents: 'say hi', config: { thinkingConfig } });
  const shown = await ask({ includeThoughts: true });
  expect(shown.candidates?.[0]?.content?.parts?.[0]).toMatchObject({ thought: true });
  expect((await ask({ thinkingBudget: 0 })).usageMetadata?.thoughtsTokenCount).toBeUndefined();
});

test('maxOutputTokens cuts thoughts and text together', async () => {
  const { candidates, usageMetadata } = await models.generateContent({
    model: MODEL,
    contents: 'say hi',
    config: { maxOutputTokens: 40 },
  });
  expect(candidates?.[0]?.finishReason).toBe(FinishReason.MAX_TOKENS);
  expect(usageMetadata).toMatchObject({ thoughtsTokenCount: 32, candidatesTokenCount: 8 });
});

test.each(['whole', 'streamed'])('a function is called, and its response answered: %s', async (how) => {
  const parameters = { type: Type.OBJECT, properties: { city: { type: Type.STRING } }, required: ['city'] };
  const config = { tools: [{ functionDeclarations: [{ name: 'get_weather', parameters }] }] };
  const send = async (contents: Parameters<typeof models.generateContent>[0]['contents']) => {
    const params = { model: MODEL, contents, config };
    return how === 'whole' ? [await models.generateContent(params)] : streamed(params);
  };
  const ask = { role: 'user', parts: [{ text: 'use the get_weather tool' }] };
  const call = (await send([ask])).flatMap(({ functionCalls }) => functionCalls ?? [])[0];
  expect(call).toMatchObject({ name: 'get_weather', args: { city: 'sandbox' } });
  const answered = await send([
    ask,
    { role: 'model', parts: [{ functionCall: call ?? {} }] },
    { role: 'user', parts: [{ functionResponse: { name: 'get_weather', response: { degrees: 21 } } }] },
  ]);
  expect(answered.map(({ text }) => text ?? '').join('')).toContain('{"degrees":21}');
});

test('a router that asks for JSON of a schema gets the first choice of it', async () => {
  const { text } = await models.generateContent({
    model: 'gemini-2.5-flash-lite',
    contents: 'which model?',
    config: {
      responseMimeType: 'application/json',
      responseJsonSchema: {
        type: 'object',
        properties: { reasoning: { type: 'string' }, model_choice: { type: 'string', enum: ['flash', 'pro'] } },
        required: ['reasoning', 'model_choice'],
      },
    },
  });
  expect(JSON.parse(text ?? '')).toEqual({ reasoning: 'sandbox', model_choice: 'flash' });
});

test('a long prefix is read from the cache the second time', async () => {
  const ask = () => models.generateContent({ model: MODEL, contents: 'one two three '.repeat(1000) });
  expect((await ask()).usageMetadata?.cachedContentTokenCount).toBeUndefined();
  const { cachedContentTokenCount, promptTokenCount } = (await ask()).usageMetadata ?? {};
  expect(cachedContentTokenCount).toBeGreaterThan(1024);
  expect(promptTokenCount).toBeGreaterThan(cachedContentTokenCount ?? Number.POSITIVE_INFINITY);
});

test('tokens are counted, models listed, texts embedded', async () => {
  expect(await models.countTokens({ model: MODEL, contents: 'say hi' })).toMatchObject({ totalTokens: 2 });
  const listed = [];
  for await (const { name } of await models.list()) listed.push(name);
  expect(listed).toContain(`models/${MODEL}`);
  const model = 'gemini-embedding-001';
  const { embeddings } = await models.embedContent({
    model,
    contents: ['a', 'b'],
    config: { outputDimensionality: 8 },
  });
  expect(embeddings?.map(({ values }) => values?.length)).toEqual([8, 8]);
  const url = `${sandbox.origin}/v1beta/models/${model}:embedContent`;
  const body = JSON.stringify({ content: { parts: [{ text: 'a' }] }, output_dimensionality: 8 });
  const single = (await (await fetch(url, { method: 'POST', body })).json()) as { embedding: { values: number[] } };
  expect(single.embedding.values).toEqual(embeddings?.[0]?.values);
});

test.each([400, 429, 503])('status %i is an ApiError', async (status) => {
  const ask = models.generateContent({ model: MODEL, contents: `[[sandbox: status ${status} retry-after 2]]` });
  const error: unknown = await ask.catch((each) => each);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status, message: expect.stringContaining('"retryDelay":"2s"') });
});

test('an error in mid-stream is raised by the SDK', async () => {
  await expect(streamed({ model: MODEL, contents: '[[sandbox: error event]]' })).rejects.toBeInstanceOf(ApiError);
});

test('a refusal has no text and the reason SAFETY', async () => {
  const { candidates, text } = await models.generateContent({ model: MODEL, contents: '[[sandbox: refuse]]' });
  expect(candidates?.[0]?.finishReason).toBe(FinishReason.SAFETY);
  expect(text ?? '').toBe('');
});
