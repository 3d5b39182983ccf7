import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TOOL_ALLOWANCE } from '../../core/pricing/bound.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import { IMAGE_TOKENS_MOST, PROMPT_TOKENS_MOST } from './input.ts';

const bytesOf = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const parsed = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes));

const least = { model: 'claude-sonnet-5', max_tokens: 1_000, messages: [{ role: 'user', content: 'hi' }] };
const read = (body: unknown, action = 'messages') =>
  anthropicMessages.read(bytesOf(body), { action, query: 'beta=true' });

function demand(more: Record<string, unknown>) {
  const asked = read({ ...least, ...more }).demand;
  if (!asked) throw new Error('nothing to hold for');
  return asked;
}

const userBlock = (...content: unknown[]) => ({ messages: [{ role: 'user', content }] });
const PIXELS = 'iVBORw0KGgo'.repeat(2_000);
const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXELS } };

describe('a request', () => {
  it('at its least is bounded by its bytes and its own limit', () => {
    expect(read(least)).toMatchObject({ model: 'claude-sonnet-5', stream: false });
    expect(demand({})).toEqual({
      model: 'claude-sonnet-5',
      inputTokensMost: bytesOf(least).length,
      inputUnseen: false,
      inputMayHoldAudio: false,
      inputMayHoldImages: false,
      cacheWrite: 'none',
      outputLimit: 1_000,
      candidates: 1,
      thinkingBudget: 0,
      outputMayHoldAudio: false,
      outputMayHoldImages: false,
      fast: false,
      serverTools: [],
      otherModels: [],
    });
  });

  it('is sent byte for byte when nothing has to change, whatever else is in it', () => {
    const body = bytesOf(
      `{ "model":"m", "max_tokens":5,\n"messages":[],"betas":["x"], "__proto__":{"a":1.0}, "metadata":{} }`,
    );
    expect(anthropicMessages.read(body, { action: 'messages', query: '' }).forward()).toBe(body);
  });

  it('has its limit lowered, never raised, and nothing else changed', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.integer({ min: 1, max: 2_000 }), (extra, limit) => {
        const request = { ...extra, ...least, tools: [{ name: 'mine', input_schema: {} }] };
        const known = new Set(Object.keys(request).map((key) => key.toUpperCase().toLowerCase().replaceAll('_', '')));
        fc.pre(known.size === Object.keys(request).length);
        fc.pre(!RESERVED.some((name) => name in extra));
        const sent = parsed(read(request).forward(limit));
        // Compared as text: matchers read a member named `__proto__` as something else.
        expect(JSON.stringify(sent)).toBe(JSON.stringify({ ...request, max_tokens: Math.min(limit, 1_000) }));
      }),
    );
  });

  const RESERVED = ['stream', 'system', 'thinking', 'speed', 'fallbacks', 'container', 'thread'];

  it.each([
    [{ max_tokens: 0 }, 'max_tokens'],
    [{ max_tokens: -5 }, 'max_tokens'],
    [{ max_tokens: 1.5 }, 'max_tokens'],
    [{ max_tokens: '100' }, 'max_tokens'],
    [{ max_tokens: null }, 'max_tokens'],
    [{ model: '' }, 'model'],
    [{ model: 3 }, 'model'],
    [{ messages: null }, 'messages'],
    [{ stream: 'yes' }, 'stream'],
    [{ thinking: { type: 'enabled', budget_tokens: 1e30 } }, 'thinking.budget_tokens'],
    [{ tools: [{ type: 'web_search_20260318', name: 'web_search', max_uses: 0 }] }, 'tools[0].max_uses'],
    [{ tools: [{ type: 'teleport_20270101', name: 't' }] }, 'tools[0].type'],
    [{ tools: {} }, 'tools'],
    [{ fallbacks: [{ model: null }] }, 'fallbacks[0].model'],
    [{ MODEL: 'claude-opus-5' }, 'model'],
    [{ Max_Tokens: 9 }, 'max_tokens'],
    [{ Tools: [] }, 'tools'],
  ])('with %j is refused, naming %s', (more, name) => {
    expect(() => read({ ...least, ...more })).toThrow(`${name} `);
  });

  it.each(['model', 'max_tokens', 'messages', 'tools', 'service_tier', 'speed', 'inference_geo', 'thinking'])(
    'that gives %s twice is refused',
    (name) => {
      const twice = `{"${name}":null,${JSON.stringify({ tools: [], ...least }).slice(1, -1)},"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}":null}`;
      expect(() => read(twice)).toThrow('is given more than once');
    },
  );

  it('reads what decides the price', () => {
    expect(demand({ thinking: { type: 'enabled', budget_tokens: 4_096 } }).thinkingBudget).toBe(4_096);
    expect(demand({ thinking: { type: 'adaptive' } }).thinkingBudget).toBe(0);
    expect(demand({ service_tier: 'standard_only' }).serviceTier).toBe('standard');
    expect(demand({ service_tier: 'auto' }).serviceTier).toBeUndefined();
    expect(demand({ speed: 'fast' }).fast).toBe(true);
    expect(demand({ fallbacks: [{ model: 'm', speed: 'fast' }] }).fast).toBe(true);
    expect(demand({ inference_geo: 'us' }).geography).toBe('us');
    expect(demand({ inference_geo: 'global' }).geography).toBe('any');
  });

  it('holds for the models it may be handed to', () => {
    expect(demand({ fallbacks: [{ model: 'a' }, { model: 'b' }] }).otherModels).toEqual(['a', 'b']);
    expect(demand({ fallbacks: 'default' }).otherModels).toEqual(['default']);
    expect(demand({ context_management: { edits: [{ type: 'compact_20260112' }] } }).otherModels).toEqual([
      least.model,
    ]);
    expect(demand({ context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } }).otherModels).toEqual([]);
    const advisor = { type: 'advisor_20260301', name: 'advisor', model: 'claude-opus-5', max_uses: 2 };
    expect(demand({ tools: [advisor] }).otherModels).toEqual(['claude-opus-5', 'claude-opus-5']);
  });
});

describe('counting tokens', () => {
  it('is free, and sent as it is', () => {
    const body = bytesOf({ model: 'claude-sonnet-5', messages: [] });
    const request = anthropicMessages.read(body, { action: 'count_tokens', query: '' });
    expect(request.demand).toBeNull();
    expect(request.forward()).toBe(body);
  });
});

describe('cache marks', () => {
  const marked = (cache_control: unknown) => demand(userBlock({ type: 'text', text: 'x', cache_control })).cacheWrite;

  it('make the input as dear as the dearest of them', () => {
    expect(marked({ type: 'ephemeral' })).toBe('5m');
    expect(marked({ type: 'ephemeral', ttl: '5m' })).toBe('5m');
    expect(marked({ type: 'ephemeral', ttl: '1h' })).toBe('1h');
    expect(marked(null)).toBe('none');
    expect(demand({ cache_control: { type: 'ephemeral', ttl: '1h' } }).cacheWrite).toBe('1h');
    expect(demand({ system: [{ type: 'text', text: 'x', cache_control: { ttl: '\u0031h' } }] }).cacheWrite).toBe('1h');
  });

  it('are not a property that a tool happens to call ttl', () => {
    const properties = { ttl: { type: 'number' } };
    expect(demand({ tools: [{ name: 'dns', input_schema: { properties } }] }).cacheWrite).toBe('none');
  });

  it('are found however their keys are escaped', () => {
    const body = JSON.stringify({ ...least, cache_control: { ttl: '1h' } });
    const escaped = body.replace('"ttl"', '"\\u0074tl"').replace('"cache_control"', '"cache_\\u0063ontrol"');
    expect(read(escaped).demand?.cacheWrite).toBe('1h');
  });
});

describe('images and documents', () => {
  const around = (...content: unknown[]) => bytesOf({ ...least, ...userBlock(...content) }).length;

  it('given as bytes are bounded as pictures, not as text', () => {
    const inside = { type: 'tool_result', tool_use_id: 't', content: [image] };
    const asked = demand(userBlock(image, inside));
    expect(asked).toMatchObject({ inputMayHoldImages: true, inputUnseen: false });
    expect(asked.inputTokensMost).toBe(around(image, inside) - 2 * (PIXELS.length + 2) + 2 * IMAGE_TOKENS_MOST);
  });

  it('cannot hide text: what only looks like a picture is counted as the text it is', () => {
    const disguised = { type: 'tool_use', id: 't', name: 'n', input: { source: image.source } };
    const document = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: PIXELS } };
    for (const block of [disguised, document]) expect(demand(userBlock(block)).inputTokensMost).toBe(around(block));
  });

  it.each([
    [{ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }],
    [{ type: 'document', source: { type: 'file', file_id: 'file_1' } }],
    [{ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0' } }],
    [{ type: 'tool_result', content: [{ type: 'image', source: { type: 'url', url: 'https://example.com' } }] }],
    [{ type: 'document', source: { type: 'content', content: [{ type: 'image', source: { type: 'file' } }] } }],
    [
      {
        type: 'tool_result',
        content: [{ type: 'document', source: { type: 'content', content: [{ source: { type: 'file' } }] } }],
      },
    ],
    [
      {
        type: 'web_fetch_tool_result',
        content: { type: 'web_fetch_result', content: { type: 'document', source: { type: 'url', url: 'x' } } },
      },
    ],
  ])('by reference or in pages are bounded by the window: %j', (block) =>
    expect(demand(userBlock(block)).inputUnseen).toBe(true),
  );

  it('do not make a search result, a tool named like one or a container unseen', () => {
    const result = { type: 'search_result', source: 'https://example.com', title: 't', content: [] };
    const used = { type: 'tool_use', id: 't', name: 'n', input: { source: { type: 'url' }, file_id: 'f' } };
    expect(demand(userBlock(result, used)).inputUnseen).toBe(false);
    expect(demand({ container: 'container_1' }).inputUnseen).toBe(false);
  });

  it('and turns held by the provider are bounded by the window', () => {
    expect(demand({ thread: { type: 'continue', previous_message_id: 'msg_1' } }).inputUnseen).toBe(true);
    expect(demand({ thread: { type: 'create' } }).inputUnseen).toBe(false);
    expect(demand({ container: { skills: [{ skill_id: 'pdf' }] } }).inputUnseen).toBe(true);
  });

  it('that say twice what they are, are refused', () => {
    const twice = JSON.stringify({ ...least, ...userBlock(image) }).replace(
      '"type":"base64"',
      '"type":"base64","type":"text"',
    );
    expect(() => read(twice)).toThrow('more than once');
  });
});

describe('tools', () => {
  const search = { type: 'web_search_20260318', name: 'web_search' };

  it('that the client runs add their bytes, and what is written around them', () => {
    const tools = [
      { name: 'a', input_schema: {} },
      { type: 'custom', name: 'b', input_schema: {} },
    ];
    expect(demand({ tools })).toMatchObject({
      serverTools: [],
      inputTokensMost: bytesOf({ ...least, tools }).length + PROMPT_TOKENS_MOST,
    });
    expect(demand({ tools: [{ type: 'bash_20250124', name: 'bash' }] }).inputTokensMost).toBeGreaterThan(2_048);
  });

  it('that Anthropic runs are held for by their own cap, and sent as they are', () => {
    const body = { ...least, tools: [{ ...search, max_uses: 3 }] };
    expect(read(body).demand?.serverTools).toEqual([{ unit: 'webSearch', usesMost: 3 }]);
    expect(parsed(read(body).forward())).toEqual(body);
  });

  it('that could be capped and are not get a cap', () => {
    const fetch = { type: 'web_fetch_20260318', name: 'web_fetch', max_uses: null };
    const body = { ...least, tools: [{ name: 'mine' }, search, fetch] };
    const max_uses = TOOL_ALLOWANCE.uncappedUses;
    expect(read(body).demand?.serverTools).toEqual([
      { unit: 'webSearch', usesMost: max_uses },
      { unit: 'free', usesMost: max_uses },
    ]);
    const tools = [{ name: 'mine' }, { ...search, max_uses }, { ...fetch, max_uses }];
    expect(parsed(read(body).forward())).toEqual({ ...body, tools });
    expect(parsed(read(body).forward(7))).toEqual({ ...body, tools, max_tokens: 7 });
  });

  it('that cannot be capped are held for without one', () => {
    for (const type of ['code_execution_20260521', 'tool_search_tool_bm25_20251119', 'mcp_toolset']) {
      expect(demand({ tools: [{ type, name: 'x' }] }).serverTools).toEqual([{ unit: 'free' }]);
    }
    const remote = demand({ mcp_servers: [{ type: 'url', name: 'x', url: 'https://example.com' }] });
    expect(remote).toMatchObject({ serverTools: [{ unit: 'free' }], inputUnseen: true });
  });

  it('defined in the middle of the conversation are the same', () => {
    const added = { type: 'tool_addition', tool: { type: 'tool_definition', definition: search } };
    const body = { ...least, messages: [...least.messages, { role: 'system', content: [added] }] };
    expect(read(body).demand?.serverTools).toEqual([{ unit: 'webSearch', usesMost: TOOL_ALLOWANCE.uncappedUses }]);
    expect(new TextDecoder().decode(read(body).forward())).toContain(`"max_uses":${TOOL_ALLOWANCE.uncappedUses}`);
  });

  it('that advise another model name it, and are refused past what can be bounded', () => {
    const advisor = { type: 'advisor_20260301', name: 'advisor', model: 'claude-opus-5' };
    expect(demand({ tools: [advisor] }).otherModels).toHaveLength(TOOL_ALLOWANCE.uncappedUses);
    expect(() => read({ ...least, tools: [{ ...advisor, max_uses: 1_000_000 }] })).toThrow('max_uses');
    expect(() => read({ ...least, tools: [{ ...advisor, model: null }] })).toThrow('model');
  });
});
