import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refused } from '../../core/errors.ts';
import { readRequest } from './request.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const demandOf = (more: object) =>
  readRequest(bytesOf(JSON.stringify({ model: 'gpt-5.2', input: 'hello', ...more }))).demand;
const sent = (body: string, outputLimit?: number) =>
  new TextDecoder().decode(readRequest(bytesOf(body)).forward(outputLimit));

function refusalOf(body: string) {
  try {
    readRequest(bytesOf(body));
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
  throw new Error('was not refused');
}

describe('what a response may cost', () => {
  it('is bounded by its bytes and the dearest tier, when it says nothing else', () => {
    expect(demandOf({})).toEqual({
      model: 'gpt-5.2',
      inputTokensMost: '{"model":"gpt-5.2","input":"hello"}'.length,
      inputUnseen: false,
      inputMayHoldAudio: false,
      inputMayHoldImages: false,
      cacheWrite: '5m',
      candidates: 1,
      thinkingBudget: 0,
      outputMayHoldAudio: false,
      outputMayHoldImages: false,
      fast: false,
      serverTools: [],
      otherModels: [],
    });
  });

  it.each([
    [{ max_output_tokens: 500 }, { outputLimit: 500 }],
    [{ service_tier: 'default' }, { serviceTier: 'standard' }],
    [{ service_tier: 'flex' }, { serviceTier: 'flex' }],
    [{ service_tier: 'priority' }, { serviceTier: 'priority' }],
    [{ previous_response_id: 'resp_1' }, { inputUnseen: true }],
    [
      { previous_response_id: null, conversation: null, prompt: null },
      { inputUnseen: false, serverTools: [] },
    ],
    [{ conversation: 'conv_1' }, { inputUnseen: true }],
    [{ conversation: { id: 'conv_1' } }, { inputUnseen: true }],
    [{ prompt: { id: 'pmpt_1' } }, { inputUnseen: true, serverTools: [{ unit: 'codeExecution' }] }],
    [{ context_management: [{ type: 'compaction', compact_threshold: 1_000 }] }, { otherModels: ['gpt-5.2'] }],
    [{ background: false }, { inputUnseen: false }],
  ])('%j is seen', (more, expected) => expect(demandOf(more)).toMatchObject(expected));

  it.each([null, 'auto', 'scale'])('a tier of %j pins nothing', (service_tier) =>
    expect(demandOf({ service_tier })).not.toHaveProperty('serviceTier'),
  );
});

describe('a request for a response is refused', () => {
  it.each([
    ['without a model', '{"input":"hi"}', 'model'],
    ['with a model given twice', '{"model":"gpt-5-nano","model":"gpt-5-pro"}', 'model'],
    ['with a model escaped and again', '{"model":"a","\\u006dodel":"b"}', 'model'],
    ['with a model in another case', '{"MODEL":"gpt-5"}', 'model'],
    ['with a limit of 0', '{"model":"m","max_output_tokens":0}', 'max_output_tokens'],
    ['with a limit that is a string', '{"model":"m","max_output_tokens":"5"}', 'max_output_tokens'],
    ['with a limit given twice', '{"model":"m","max_output_tokens":5,"max_output_tokens":99999}', 'max_output_tokens'],
    ['with a limit in another case', '{"model":"m","Max_Output_Tokens":5}', 'max_output_tokens'],
    ['that runs in the background', '{"model":"m","background":true}', 'metered'],
    ['that runs agents', '{"model":"m","multi_agent":{"enabled":true}}', 'multi_agent'],
    ['with a tier only for batches', '{"model":"m","service_tier":"batch"}', 'service_tier'],
    ['with a stream of "yes"', '{"model":"m","stream":"yes"}', 'stream'],
    ['as a string', '"model"', 'object'],
    ['when it is cut', '{"model":"m","input":"', 'JSON'],
  ])('%s', (_, body, word) => {
    const refusal = refusalOf(body);
    expect(refusal.code).toBe('invalid');
    expect(refusal.message).toContain(word);
  });
});

describe('the bytes sent on for a response', () => {
  it('are the very bytes that came when nothing is to be changed', () => {
    const body = bytesOf(
      '{ "input" :[] ,\n"x":{"__proto__":1},"model":"\\u0067pt-5", "stream":true,"tools":[{"type":"function"}]}',
    );
    expect(readRequest(body).forward()).toBe(body);
    expect(readRequest(body).stream).toBe(true);
  });

  it.each([
    ['{"model":"m"}', '{"model":"m","max_output_tokens":700}'],
    ['{"max_output_tokens":900,"model":"m"}', '{"max_output_tokens":700,"model":"m"}'],
    ['{"max_output_tokens":500,"model":"m"}', '{"max_output_tokens":500,"model":"m"}'],
    ['{"max_output_tokens":null,"model":"m"}', '{"max_output_tokens":700,"model":"m"}'],
  ])('%s gets the limit', (body, expected) => expect(sent(body, 700)).toBe(expected));

  it.each([
    [
      '{"model":"m","tools":[{"type":"web_search"}]}',
      '{"model":"m","tools":[{"type":"web_search"}],"max_tool_calls":5}',
    ],
    [
      '{"model":"m","max_tool_calls":null,"tools":[{"type":"web_search"}]}',
      '{"model":"m","max_tool_calls":5,"tools":[{"type":"web_search"}]}',
    ],
    [
      '{"model":"m","max_tool_calls":2,"tools":[{"type":"web_search"}]}',
      '{"model":"m","max_tool_calls":2,"tools":[{"type":"web_search"}]}',
    ],
  ])('%s has its server tools capped', (body, expected) => expect(sent(body)).toBe(expected));

  it('say the same but for what was put in, whatever they say', () => {
    const taken = /^(model|stream|max|service|tools|prev|conv|prompt|context|back|multi|input)/i;
    const key = fc.string().filter((name) => !taken.test(name));
    fc.assert(
      fc.property(
        fc.dictionary(key, fc.jsonValue()),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        (more, search, limit) => {
          const body = { ...more, model: 'm', ...(search && { tools: [{ type: 'web_search' }] }) };
          expect(JSON.parse(sent(JSON.stringify(body), limit))).toEqual({
            ...JSON.parse(JSON.stringify(body)),
            max_output_tokens: limit,
            ...(search && { max_tool_calls: 5 }),
          });
        },
      ),
    );
  });
});
