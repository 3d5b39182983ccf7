import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gemini } from './gemini.ts';
import { IMAGE_TOKENS_MOST } from './input.ts';

const bytesOf = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const parsed = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes));

const MODEL = 'gemini-3-pro';
const least = { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] };
const read = (body: unknown, { action = 'generateContent', model = MODEL, query = '' } = {}) =>
  gemini.read(bytesOf(body), { model, action, query });

function demand(more: Record<string, unknown>, path = {}) {
  const asked = read({ ...least, ...more }, path).demand;
  if (!asked) throw new Error('nothing to hold for');
  return asked;
}

const withParts = (...parts: unknown[]) => ({ contents: [{ role: 'user', parts }] });

describe('a request', () => {
  it('at its least is bounded by its bytes, and by the limit of the model', () => {
    expect(demand({})).toEqual({
      model: MODEL,
      inputTokensMost: bytesOf(least).length,
      inputUnseen: false,
      inputMayHoldAudio: false,
      inputMayHoldImages: false,
      cacheWrite: 'none',
      candidates: 1,
      thinkingBudget: 0,
      outputMayHoldAudio: false,
      outputMayHoldImages: false,
      serviceTier: 'standard',
      fast: false,
      geography: 'any',
      serverTools: [],
      otherModels: [],
    });
  });

  it('streams by its action, with or without alt=sse', () => {
    expect(read(least).stream).toBe(false);
    for (const query of ['alt=sse', '', 'key=k&alt=json&prettyPrint=false']) {
      expect(read(least, { action: 'streamGenerateContent', query }).stream).toBe(true);
    }
  });

  it.each(['generationConfig', 'generation_config'])('is read in %s, in camel case and in snake case', (config) => {
    const camel = { maxOutputTokens: 900, candidateCount: 2, thinkingConfig: { thinkingBudget: 300 } };
    const snake = { max_output_tokens: 900, candidate_count: 2, thinking_config: { thinking_budget: 300 } };
    for (const value of [camel, snake]) {
      expect(demand({ [config]: value })).toMatchObject({ outputLimit: 900, candidates: 2, thinkingBudget: 300 });
    }
  });

  it('may leave the thinking budget to the model', () =>
    expect(demand({ generationConfig: { thinkingConfig: { thinkingBudget: -1 } } }).thinkingBudget).toBe(0));

  it.each([
    [{ generationConfig: { maxOutputTokens: 0 } }, 'generationConfig.maxOutputTokens '],
    [{ generationConfig: { maxOutputTokens: -1 } }, 'generationConfig.maxOutputTokens '],
    [{ generationConfig: { maxOutputTokens: 2.5 } }, 'generationConfig.maxOutputTokens '],
    [{ generationConfig: { maxOutputTokens: '100' } }, 'generationConfig.maxOutputTokens '],
    [{ generationConfig: { max_output_tokens: 1, maxOutputTokens: 9 } }, 'generationConfig.maxOutputTokens '],
    [{ generationConfig: { MaxOutputTokens: 1 } }, 'generationConfig.maxOutputTokens '],
    [{ generationConfig: { candidateCount: 0 } }, 'generationConfig.candidateCount '],
    [{ generationConfig: {}, generation_config: {} }, 'generationConfig '],
    [{ generationConfig: [] }, 'generationConfig '],
    [{ serviceTier: 'warp' }, 'serviceTier '],
    [{ tools: [{ teleport: {} }] }, 'tools[0].teleport '],
    [{ tools: {} }, 'tools '],
    [{ model: 'models/gemini-3-flash' }, 'model '],
  ])('with %j is refused, naming %s', (more, name) => expect(() => read({ ...least, ...more })).toThrow(name));

  it('may name the model of its path again', () => expect(demand({ model: `models/${MODEL}` }).model).toBe(MODEL));

  it.each(['fields=candidates', '$fields=x', '%24fields=x', 'alt=proto', 'alt=sse&alt=proto', 'callback=f', 'x=1'])(
    'whose answer would come unreadable, by %s, is refused',
    (query) => expect(() => read(least, { query, action: 'streamGenerateContent' })).toThrow('query parameter'),
  );

  it.each([
    [{}, 'standard'],
    [{ serviceTier: 'unspecified' }, 'standard'],
    [{ serviceTier: 'flex' }, 'flex'],
    [{ service_tier: 'PRIORITY' }, 'priority'],
    [{ serviceTier: 'SERVICE_TIER_FLEX' }, 'flex'],
  ])('with %j is served at the tier %s', (more, tier) => expect(demand(more).serviceTier).toBe(tier));

  it('may be answered in speech or pictures when it, or its model, says so', () => {
    expect(demand({ generationConfig: { responseModalities: ['TEXT', 'IMAGE'] } }).outputMayHoldImages).toBe(true);
    expect(demand({ generationConfig: { response_modalities: ['audio'] } }).outputMayHoldAudio).toBe(true);
    expect(demand({}, { model: 'gemini-2.5-flash-image' }).outputMayHoldImages).toBe(true);
    expect(demand({}, { model: 'gemini-2.5-pro-preview-tts' }).outputMayHoldAudio).toBe(true);
  });
});

describe('the output limit', () => {
  it('is put in or lowered, never raised, and nothing else is changed', () => {
    const config = fc.option(
      fc.record(
        { temperature: fc.double({ noNaN: true }), stopSequences: fc.array(fc.string()) },
        { requiredKeys: [] },
      ),
      { nil: undefined },
    );
    const stated = fc.option(fc.integer({ min: 1, max: 5_000 }), { nil: undefined });
    fc.assert(
      fc.property(config, stated, fc.integer({ min: 1, max: 5_000 }), (other, maxOutputTokens, limit) => {
        const generationConfig = maxOutputTokens === undefined ? other : { ...other, maxOutputTokens };
        const body = { ...least, ...(generationConfig && { generationConfig }) };
        const sent = parsed(read(body).forward(limit));
        const lowered = Math.min(limit, maxOutputTokens ?? limit);
        expect(sent).toEqual(parsed(bytesOf({ ...body, generationConfig: { ...other, maxOutputTokens: lowered } })));
      }),
    );
  });

  it('keeps the spelling it has', () => {
    const snake = { ...least, generation_config: { max_output_tokens: 9 } };
    expect(parsed(read(snake).forward(5))).toEqual({ ...least, generation_config: { max_output_tokens: 5 } });
    const nothing = { ...least, generation_config: null };
    expect(parsed(read(nothing).forward(5))).toEqual({ ...least, generation_config: { maxOutputTokens: 5 } });
  });

  it('leaves the very bytes when it asks for no less', () => {
    const body = bytesOf('{ "contents":[], "generationConfig":{"maxOutputTokens":7} , "x\\u0079":1.0}');
    const request = gemini.read(body, { model: MODEL, action: 'generateContent', query: '' });
    for (const limit of [undefined, 7, 8]) expect(request.forward(limit)).toBe(body);
  });
});

describe('input', () => {
  const PIXELS = 'iVBORw0KGgo'.repeat(2_000);
  const image = { mimeType: 'image/png', data: PIXELS };

  it('of images is bounded as pictures, wherever they stand', () => {
    const parts = [
      { inlineData: image },
      { inline_data: { mime_type: 'image/png', data: PIXELS } },
      { functionResponse: { name: 'f', response: {}, parts: [{ inlineData: image }] } },
    ];
    const asked = demand(withParts(...parts));
    expect(asked).toMatchObject({ inputMayHoldImages: true, inputUnseen: false });
    const around = bytesOf(withParts(...parts)).length - 3 * (PIXELS.length + 2);
    expect(asked.inputTokensMost).toBe(around + 3 * IMAGE_TOKENS_MOST);
  });

  it('cannot hide text in what only looks like a picture', () => {
    for (const part of [
      { functionCall: { name: 'f', args: { inlineData: image } } },
      { functionResponse: { name: 'f', response: { parts: [{ inlineData: image }] } } },
      { inlineData: { ...image, mimeType: 'text/plain' } },
    ]) {
      const inputTokensMost = bytesOf(withParts(part)).length;
      expect(demand(withParts(part))).toMatchObject({ inputTokensMost, inputUnseen: false });
    }
  });

  it.each([
    [{ inlineData: { mimeType: 'audio/mpeg', data: 'x' } }, true],
    [{ inlineData: { mimeType: 'video/mp4', data: 'x' } }, true],
    [{ inlineData: { mimeType: 'application/pdf', data: 'x' } }, false],
    [{ fileData: { fileUri: 'files/1', mimeType: 'audio/mpeg' } }, true],
    [{ fileData: { fileUri: 'files/1' } }, true],
    [{ file_data: { file_uri: 'files/1', mime_type: 'image/png' } }, false],
  ])('that its bytes do not tell is bounded by the window: %j', (part, audio) =>
    expect(demand(withParts(part))).toMatchObject({ inputUnseen: true, inputMayHoldAudio: audio }),
  );

  it('that was cached before is bounded by the window', () => {
    expect(demand({ cachedContent: 'cachedContents/1' }).inputUnseen).toBe(true);
    expect(demand({ cached_content: 'cachedContents/1' }).inputUnseen).toBe(true);
  });

  it('that says twice what it is, is refused', () => {
    const twice = JSON.stringify({ ...least, ...withParts({ inlineData: image }) }).replace(
      '"mimeType"',
      '"mime_type":"text/plain","mimeType"',
    );
    expect(() => read(twice)).toThrow('more than once');
  });
});

describe('tools', () => {
  it.each([
    [{ googleSearch: {} }, 'webSearch'],
    [{ google_search: {} }, 'webSearch'],
    [{ googleSearchRetrieval: {} }, 'webSearch'],
    [{ googleMaps: {} }, 'mapsGrounding'],
    [{ codeExecution: {} }, 'free'],
    [{ url_context: {} }, 'free'],
    [{ fileSearch: {} }, 'free'],
  ])('that Google runs are held for: %j', (tool, unit) =>
    expect(demand({ tools: [{ functionDeclarations: [] }, tool] }).serverTools).toEqual([{ unit }]),
  );

  it('that the client runs are not', () => {
    const tools = [{ functionDeclarations: [{ name: 'googleSearch' }] }, { computerUse: {} }];
    expect(demand({ tools }).serverTools).toEqual([]);
  });

  it('may stand together in one', () =>
    expect(demand({ tools: [{ googleSearch: {}, codeExecution: {} }] }).serverTools).toHaveLength(2));

  it('of a remote server are not in the bytes', () =>
    expect(demand({ tools: [{ mcpServers: [] }] }).inputUnseen).toBe(true));
});

describe('counting tokens', () => {
  it('is free, and sent as it is', () => {
    const body = bytesOf(least);
    const request = gemini.read(body, { model: MODEL, action: 'countTokens', query: '' });
    expect(request.demand).toBeNull();
    expect(request.forward()).toBe(body);
  });
});

describe('embedding', () => {
  const model = 'gemini-embedding-001';
  const one = { model: `models/${model}`, content: { parts: [{ text: 'hi' }] } };

  it.each([
    ['embedContent', one],
    ['batchEmbedContents', { requests: [one, { content: one.content }] }],
  ])('by %s has input and no output', (action, body) => {
    const request = read(body, { action, model });
    expect(request.demand).toMatchObject({ inputTokensMost: bytesOf(body).length, outputLimit: 0, inputUnseen: false });
    expect(request.stream).toBe(false);
  });

  it('of pictures is bounded as pictures', () => {
    const content = { parts: [{ inlineData: { mimeType: 'image/png', data: 'x' } }] };
    expect(read({ content }, { action: 'embedContent', model }).demand?.inputMayHoldImages).toBe(true);
    const batch = read({ requests: [{ content }] }, { action: 'batchEmbedContents', model });
    expect(batch.demand?.inputMayHoldImages).toBe(true);
  });

  it('refuses another model inside a batch', () => {
    const requests = [one, { ...one, model: 'models/gemini-embedding-2' }];
    expect(() => read({ requests }, { action: 'batchEmbedContents', model })).toThrow('requests[1].model ');
  });
});
