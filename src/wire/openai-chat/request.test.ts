import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refused } from '../../core/errors.ts';
import { readRequest, searches } from './request.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const hello = { model: 'gpt-5.2', messages: [{ role: 'user', content: 'hello' }] };
const read = (body: object) => readRequest(bytesOf(JSON.stringify(body)));
const demandOf = (more: object) => read({ ...hello, ...more }).demand;
const sent = (body: string, outputLimit?: number) =>
  new TextDecoder().decode(readRequest(bytesOf(body)).forward(outputLimit));
const withParts = (...content: readonly object[]) => ({ model: 'gpt-5.2', messages: [{ role: 'user', content }] });

function refusalOf(body: string) {
  try {
    readRequest(bytesOf(body));
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
  throw new Error('was not refused');
}

describe('what a chat request may cost', () => {
  it('is bounded by its bytes, one answer, and the dearest tier, when it says nothing else', () => {
    expect(demandOf({})).toEqual({
      model: 'gpt-5.2',
      inputTokensMost: JSON.stringify(hello).length,
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
    [{ max_completion_tokens: 500 }, { outputLimit: 500 }],
    [{ max_tokens: 1_000_000_000 }, { outputLimit: 1_000_000_000 }],
    [{ max_tokens: null, max_completion_tokens: 9 }, { outputLimit: 9 }],
    [{ n: 100 }, { candidates: 100 }],
    [{ service_tier: 'default' }, { serviceTier: 'standard' }],
    [{ service_tier: 'flex' }, { serviceTier: 'flex' }],
    [{ service_tier: 'fast' }, { serviceTier: 'priority' }],
    [{ service_tier: 'ultrafast' }, { serviceTier: 'ultrafast' }],
    [{ modalities: ['text', 'audio'] }, { outputMayHoldAudio: true }],
    [{ audio: { voice: 'alloy', format: 'wav' } }, { outputMayHoldAudio: true }],
    [{ modalities: ['text'] }, { outputMayHoldAudio: false }],
    [{ web_search_options: {} }, { serverTools: [{ unit: 'webSearch', usesMost: 1 }] }],
    [{ model: 'gpt-5-search-api' }, { serverTools: [{ unit: 'webSearch', usesMost: 1 }] }],
  ])('%j is seen', (more, expected) => expect(demandOf(more)).toMatchObject(expected));

  it.each([null, 'auto', 'scale'])('a tier of %j pins nothing', (service_tier) =>
    expect(demandOf({ service_tier })).not.toHaveProperty('serviceTier'),
  );

  it('searches the web once where it searches at all', () => {
    expect(searches(demandOf({ web_search_options: {} }))).toBe(true);
    expect(searches(demandOf({}))).toBe(false);
    expect(searches(null)).toBe(false);
  });

  it('counts an image by the dearest it can become, not by its bytes, wherever it comes from', () => {
    const image = (url: string) => ({ type: 'image_url', image_url: { url } });
    const data = `data:image/png;base64,${'A'.repeat(300_000)}`;
    const body = withParts({ type: 'text', text: 'what is this?' }, image(data), image('https://a.example/b.png'));
    const rest = JSON.stringify(body).length - data.length - 2;
    expect(read(body).demand).toMatchObject({
      inputTokensMost: rest + 2 * 24_600,
      inputMayHoldImages: true,
      inputUnseen: false,
    });
    expect(read({ ...body, model: 'gpt-4o-mini' }).demand?.inputTokensMost).toBe(rest + 4 + 2 * 48_169);
  });

  it('takes nothing off for text that only looks like an image', () => {
    const data = `data:image/png;base64,${'A'.repeat(5_000)}`;
    for (const body of [
      withParts({ type: 'text', text: data }),
      { ...hello, tools: [{ type: 'function', function: { name: 'f', parameters: { image_url: { url: data } } } }] },
      withParts({ type: 'image_url', image_url: { url: `data:text/plain,${'A'.repeat(5_000)}` } }),
    ]) {
      expect(read(body).demand?.inputTokensMost).toBeGreaterThanOrEqual(JSON.stringify(body).length);
    }
  });

  it('knows what it cannot see', () => {
    expect(read(withParts({ type: 'file', file: { file_id: 'file-1' } })).demand?.inputUnseen).toBe(true);
    expect(
      read(withParts({ type: 'file', file: { file_data: 'data:application/pdf;base64,AA' } })).demand?.inputUnseen,
    ).toBe(true);
    const heard = [{ role: 'assistant', audio: { id: 'audio_1' } }];
    expect(demandOf({ messages: heard })?.inputUnseen).toBe(true);
    expect(demandOf({ messages: [{ role: 'assistant', content: 'x', audio: null }] })?.inputUnseen).toBe(false);
    const audio = withParts({ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } });
    expect(read(audio).demand).toMatchObject({ inputMayHoldAudio: true, inputUnseen: false });
  });

  it('is bounded by no less than the bytes of its text, whatever it says', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), (texts) => {
        const messages = texts.map((content) => ({ role: 'user', content }));
        const bytes = texts.reduce((sum, each) => sum + bytesOf(each).length, 0);
        expect(demandOf({ messages })?.inputTokensMost).toBeGreaterThan(bytes);
      }),
    );
  });
});

describe('a chat request is refused', () => {
  it.each([
    ['without a model', '{"messages":[]}', 'model'],
    ['with an empty model', '{"model":""}', 'model'],
    ['with a model given twice', '{"model":"gpt-5-nano","model":"gpt-5-pro"}', 'model'],
    ['with a model escaped and again', '{"model":"a","\\u006dodel":"b"}', 'model'],
    ['with a model in another case', '{"Model":"gpt-5"}', 'model'],
    ['with a limit of 0', '{"model":"m","max_completion_tokens":0}', 'max_completion_tokens'],
    ['with a negative limit', '{"model":"m","max_tokens":-5}', 'max_tokens'],
    ['with a limit that is a string', '{"model":"m","max_tokens":"5"}', 'max_tokens'],
    ['with a limit that is a fraction', '{"model":"m","max_tokens":5.5}', 'max_tokens'],
    ['with both limits', '{"model":"m","max_tokens":5,"max_completion_tokens":5}', 'max_completion_tokens'],
    ['with no answers', '{"model":"m","n":0}', 'n'],
    ['with a stream of 1', '{"model":"m","stream":1}', 'stream'],
    ['with a tier nobody prices', '{"model":"m","service_tier":"warp"}', 'service_tier'],
    ['with a tier only for batches', '{"model":"m","service_tier":"batch"}', 'service_tier'],
    ['with a tool run elsewhere', '{"model":"m","tools":[{"type":"live_search"}]}', 'tools'],
    ['with a tool of no type', '{"model":"m","tools":[{"type":7}]}', 'tools'],
    ['as an array', '[]', 'object'],
    ['when it is cut', '{"model":"m"', 'JSON'],
    ['when it is empty', '', 'empty'],
  ])('%s', (_, body, word) => {
    const refusal = refusalOf(body);
    expect(refusal.code).toBe('invalid');
    expect(refusal.message).toContain(word);
  });
});

describe('the chat bytes sent on', () => {
  it('are the very bytes that came when nothing is to be changed', () => {
    const odd =
      '{ "messages" :[] ,\n"x":{"__proto__":1},"model":"\\u0067pt-5", "stream":true,"stream_options":{"include_usage":true}}';
    const body = bytesOf(odd);
    expect(readRequest(body).forward()).toBe(body);
    expect(readRequest(body).takesUsageOut).toBe(false);
  });

  it.each([
    ['{"model":"m","stream":true}', '{"model":"m","stream":true,"stream_options":{"include_usage":true}}'],
    [
      '{"stream_options":null,"model":"m","stream":true}',
      '{"stream_options":{"include_usage":true},"model":"m","stream":true}',
    ],
    [
      '{"model":"m","stream":true,"stream_options":{"include_usage":false}}',
      '{"model":"m","stream":true,"stream_options":{"include_usage":true}}',
    ],
    [
      '{"model":"m","stream":true,"stream_options":{"include_obfuscation":false}}',
      '{"model":"m","stream":true,"stream_options":{"include_obfuscation":false,"include_usage":true}}',
    ],
    [
      '{"model":"m","stream":true,"stream_options":{}}',
      '{"model":"m","stream":true,"stream_options":{"include_usage":true}}',
    ],
  ])('%s asks for the usage of a stream', (body, expected) => {
    expect(sent(body)).toBe(expected);
    expect(readRequest(bytesOf(body)).takesUsageOut).toBe(true);
  });

  it('ask for no usage where there is no stream', () => {
    for (const body of ['{"model":"m"}', '{"model":"m","stream":false}', '{"model":"m","stream":null}']) {
      expect(sent(body)).toBe(body);
    }
  });

  it.each([
    ['{"model":"m"}', '{"model":"m","max_completion_tokens":700}'],
    ['{"model":"m","max_completion_tokens":900}', '{"model":"m","max_completion_tokens":700}'],
    ['{"model":"m","max_completion_tokens":500}', '{"model":"m","max_completion_tokens":500}'],
    ['{"model":"m","max_tokens":900,"n":2}', '{"model":"m","max_tokens":700,"n":2}'],
    ['{"model":"m","max_tokens":null}', '{"model":"m","max_tokens":null,"max_completion_tokens":700}'],
    [
      '{"model":"m","prediction":{"type":"content","content":"x"}}',
      '{"model":"m","prediction":{"type":"content","content":"x"},"max_tokens":700}',
    ],
    [
      '{"model":"m","stream":true}',
      '{"model":"m","stream":true,"stream_options":{"include_usage":true},"max_completion_tokens":700}',
    ],
  ])('%s gets the limit where its client would look for it', (body, expected) =>
    expect(sent(body, 700)).toBe(expected),
  );

  it('say the same but for what was put in, whatever they say', () => {
    const key = fc
      .string()
      .filter((name) => !/^(model|stream|n|max|service|tools|web|audio|modalities|prediction)/i.test(name));
    fc.assert(
      fc.property(
        fc.dictionary(key, fc.jsonValue()),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        (more, stream, limit) => {
          const body = { ...more, model: 'm', stream };
          expect(JSON.parse(sent(JSON.stringify(body), limit))).toEqual({
            ...JSON.parse(JSON.stringify(body)),
            max_completion_tokens: limit,
            ...(stream && { stream_options: { include_usage: true } }),
          });
        },
      ),
    );
  });
});
