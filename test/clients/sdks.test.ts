/** The three providers' official SDKs against a running Stipend, as their users call them. */
import Anthropic from '@anthropic-ai/sdk';
import { ApiError, GoogleGenAI, Type } from '@google/genai';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { balanceOf, givePerson, type Running, startStipend, usageOf } from '../stage/stipend.ts';

let stipend: Running;

beforeAll(async () => {
  stipend = await startStipend();
}, 120_000);

afterAll(() => stipend.dispose());

interface Clients {
  readonly anthropic: Anthropic;
  readonly openai: OpenAI;
  readonly gemini: GoogleGenAI;
}

function clients(key: string): Clients {
  return {
    anthropic: new Anthropic({ baseURL: stipend.url, apiKey: key }),
    openai: new OpenAI({ baseURL: `${stipend.url}/v1`, apiKey: key }),
    gemini: new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: stipend.url } }),
  };
}

const CLAUDE = 'claude-sonnet-5';
const GPT = 'gpt-5.4';
const GEMINI = 'gemini-2.5-pro';
const weather = { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] };
const ASK_TOOL = 'Use the tool to tell the weather in Delft.';

/** Every way of asking, each returning the text it got. */
const CALLS: Readonly<Record<string, (clients: Clients) => Promise<string>>> = {
  'Anthropic messages': async ({ anthropic }) => {
    const answer = await anthropic.messages.create({
      model: CLAUDE,
      max_tokens: 200,
      messages: [{ role: 'user', content: 'hi' }],
    });
    return answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  },
  'Anthropic messages, streamed': async ({ anthropic }) =>
    anthropic.messages
      .stream({ model: CLAUDE, max_tokens: 200, messages: [{ role: 'user', content: 'hi' }] })
      .finalText(),
  'OpenAI chat': async ({ openai }) => {
    const answer = await openai.chat.completions.create({ model: GPT, messages: [{ role: 'user', content: 'hi' }] });
    return answer.choices[0]?.message.content ?? '';
  },
  'OpenAI chat, streamed': async ({ openai }) => {
    const stream = await openai.chat.completions.create({
      model: GPT,
      stream: true,
      messages: [{ role: 'user', content: 'hi' }],
    });
    let text = '';
    for await (const chunk of stream) {
      // The usage chunk that Stipend asks for is not shown to a client that did not ask.
      expect(chunk.choices.length).toBeGreaterThan(0);
      text += chunk.choices[0]?.delta.content ?? '';
    }
    return text;
  },
  'OpenAI responses': async ({ openai }) => (await openai.responses.create({ model: GPT, input: 'hi' })).output_text,
  'OpenAI responses, streamed': async ({ openai }) => {
    const stream = openai.responses.stream({ model: GPT, input: 'hi' });
    return (await stream.finalResponse()).output_text;
  },
  'Gemini generate': async ({ gemini }) =>
    (await gemini.models.generateContent({ model: GEMINI, contents: 'hi' })).text ?? '',
  'Gemini generate, streamed': async ({ gemini }) => {
    let text = '';
    for await (const chunk of await gemini.models.generateContentStream({ model: GEMINI, contents: 'hi' })) {
      text += chunk.text ?? '';
    }
    return text;
  },
};

describe.each(Object.entries(CALLS))('%s', (_, call) => {
  it('answers, and its cost is in the balance when the answer is there', async () => {
    const { personId, key } = await givePerson(stipend, '100.00');
    expect(await call(clients(key))).toMatch(/\w/);
    const records = await usageOf(stipend, personId);
    expect(records).toHaveLength(1);
    const balance = await balanceOf(stipend, personId);
    expect(balance.spent).toBe(records[0]?.cost?.amount);
    expect(balance).toMatchObject({ held: '0.00', overrun: '0.00' });
    expect(records[0]?.outcome).toBe('completed');
  });

  it('is refused with words when the budget is spent, by one request', async () => {
    const { key } = await givePerson(stipend, '0.000000001');
    await expect(call(clients(key))).rejects.toThrow(/budget.*To get more, ask/s);
  });

  it('is refused in its dialect with a key that is not known', async () => {
    await expect(call(clients('stp_live_nonsense'))).rejects.toMatchObject({ status: 401 });
  });
});

describe('a tool call', () => {
  it('passes through on the Anthropic wire', async () => {
    const { key } = await givePerson(stipend, '10.00');
    const answer = await clients(key).anthropic.messages.create({
      model: CLAUDE,
      max_tokens: 300,
      tools: [{ name: 'weather', description: 'Tells the weather', input_schema: weather }],
      messages: [{ role: 'user', content: ASK_TOOL }],
    });
    expect(answer.content.some((block) => block.type === 'tool_use' && block.name === 'weather')).toBe(true);
  });

  it('passes through on both OpenAI wires', async () => {
    const { key } = await givePerson(stipend, '100.00');
    const { openai } = clients(key);
    const chat = await openai.chat.completions.create({
      model: GPT,
      tools: [{ type: 'function', function: { name: 'weather', parameters: weather } }],
      messages: [{ role: 'user', content: ASK_TOOL }],
    });
    expect(chat.choices[0]?.message.tool_calls).toHaveLength(1);
    const response = await openai.responses.create({
      model: GPT,
      tools: [{ type: 'function', name: 'weather', parameters: weather, strict: false }],
      input: ASK_TOOL,
    });
    expect(response.output.some((item) => item.type === 'function_call')).toBe(true);
  });

  it('passes through on the Gemini wire', async () => {
    const { key } = await givePerson(stipend, '100.00');
    const parameters = { type: Type.OBJECT, properties: { city: { type: Type.STRING } } };
    const answer = await clients(key).gemini.models.generateContent({
      model: GEMINI,
      contents: ASK_TOOL,
      config: { tools: [{ functionDeclarations: [{ name: 'weather', parameters }] }] },
    });
    expect(answer.functionCalls?.[0]?.name).toBe('weather');
  });
});

describe('what costs nothing', () => {
  it('is open to a spent budget: counting tokens and listing models', async () => {
    const { personId, key } = await givePerson(stipend, '0.000000001');
    const { anthropic, openai, gemini } = clients(key);
    const counted = await anthropic.messages.countTokens({
      model: CLAUDE,
      messages: [{ role: 'user', content: 'hi' }],
    });
    expect(counted.input_tokens).toBeGreaterThan(0);
    expect((await gemini.models.countTokens({ model: GEMINI, contents: 'hi' })).totalTokens).toBeGreaterThan(0);
    const listed = [];
    for await (const model of openai.models.list()) listed.push(model.id);
    expect(listed).toContain(GPT);
    for await (const model of anthropic.models.list()) listed.push(model.id);
    expect(listed).toContain(CLAUDE);
    for await (const model of await gemini.models.list()) listed.push(model.name ?? '');
    expect(listed).toContain(`models/${GEMINI}`);
    expect(await balanceOf(stipend, personId)).toMatchObject({ spent: '0.00' });
  });
});

describe('embeddings', () => {
  it('are metered on the OpenAI and the Gemini wire', async () => {
    const { personId, key } = await givePerson(stipend, '10.00');
    const { openai, gemini } = clients(key);
    const vectors = await openai.embeddings.create({ model: 'text-embedding-3-small', input: ['one', 'two'] });
    expect(vectors.data).toHaveLength(2);
    const first = await balanceOf(stipend, personId);
    expect(first.spent).not.toBe('0.00');
    const embedded = await gemini.models.embedContent({ model: 'gemini-embedding-001', contents: ['one', 'two'] });
    expect(embedded.embeddings).toHaveLength(2);
    expect((await balanceOf(stipend, personId)).spent).not.toBe(first.spent);
  });
});

describe('the provider’s own errors', () => {
  it('reach the SDKs byte for byte, and are not charged', async () => {
    const { personId, key } = await givePerson(stipend, '100.00');
    const { anthropic, openai, gemini } = clients(key);
    const broken = '[[sandbox: status 400]]';
    await expect(
      anthropic.messages.create({ model: CLAUDE, max_tokens: 10, messages: [{ role: 'user', content: broken }] }),
    ).rejects.toBeInstanceOf(Anthropic.BadRequestError);
    await expect(
      openai.chat.completions.create({ model: GPT, messages: [{ role: 'user', content: broken }] }),
    ).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    await expect(gemini.models.generateContent({ model: GEMINI, contents: broken })).rejects.toBeInstanceOf(ApiError);
    expect(await balanceOf(stipend, personId)).toMatchObject({ spent: '0.00', held: '0.00' });
  });
});
