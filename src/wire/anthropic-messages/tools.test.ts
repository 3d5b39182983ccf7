import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TOOL_ALLOWANCE } from '../../core/pricing/bound.ts';
import { RequestObject } from '../framing/fields.ts';
import { splice } from '../framing/splice.ts';
import { WATCH } from './input.ts';
import { readTools } from './tools.ts';

const none = { serverTools: [], otherModels: [], inputUnseen: false, promptTokensMost: 0, caps: [] };
const uncapped = TOOL_ALLOWANCE.uncappedUses;
const search = { type: 'web_search_20260318', name: 'web_search' };
const fetchTool = { type: 'web_fetch_20260318', name: 'web_fetch' };
const advisor = { type: 'advisor_20260301', name: 'advisor', model: 'claude-opus-5' };

const readBytes = (body: Uint8Array) => readTools(RequestObject.ofBody(body, WATCH));
const readText = (body: string) => readBytes(new TextEncoder().encode(body));
const read = (tools: readonly unknown[], more: object = {}) => readText(JSON.stringify({ tools, ...more }));

/** As readers that ignore case or underscores take a key. */
const folded = (key: string) => key.toUpperCase().toLowerCase().replaceAll('_', '');

/** The body as it is sent: with the caps put in. */
function sent(text: string): string {
  const body = new TextEncoder().encode(text);
  return new TextDecoder().decode(splice(body, readBytes(body).caps));
}

/** A message that defines a tool in the middle of the conversation. */
const added = (definition: unknown) => ({
  messages: [{ role: 'system', content: [{ type: 'tool_addition', tool: { type: 'tool_definition', definition } }] }],
});

describe('tools that the client runs', () => {
  it('add nothing but their bytes when it defines them itself', () => {
    expect(readText('{}')).toEqual(none);
    expect(readText('{"tools":null}')).toEqual(none);
    expect(read([{ name: 'a' }, { name: 'b', type: null }, { name: 'c', type: 'custom', max_uses: 3 }])).toEqual(none);
  });

  it.each([
    ['computer_20251124', 2_048],
    ['bash_20250124', 2_048],
    ['text_editor_20250728', 2_048],
    ['memory_20250818', 2_048],
    ['computer_toolset_20260801', 16_384],
    ['browser_toolset_20260801', 16_384],
  ])('add a prompt when Anthropic defines them: %s', (type, promptTokensMost) =>
    expect(read([{ type, name: 'x' }])).toEqual({ ...none, promptTokensMost }),
  );

  it('each add a prompt of their own', () =>
    expect(read([{ type: 'bash_20250124' }, { type: 'memory_20250818' }, search]).promptTokensMost).toBe(3 * 2_048));
});

describe('tools that Anthropic runs', () => {
  it.each([
    [search, 'webSearch', []],
    [fetchTool, 'free', []],
    [advisor, 'free', ['claude-opus-5', 'claude-opus-5', 'claude-opus-5']],
  ])('are held for by their own cap and sent as they are: %j', (tool, unit, otherModels) =>
    expect(read([{ ...tool, max_uses: 3 }])).toEqual({
      ...none,
      serverTools: [{ unit, usesMost: 3 }],
      otherModels,
      promptTokensMost: 2_048,
    }),
  );

  it.each([search, fetchTool, advisor])('get a cap where they have none: %j', (tool) => {
    const [first, ...others] = read([tool]).serverTools;
    expect([first?.usesMost, others]).toEqual([uncapped, []]);
    const text = JSON.stringify({ tools: [{ name: 'mine' }, tool] });
    expect(sent(text)).toBe(text.replace('"}]}', `","max_uses":${uncapped}}]}`));
    const withNull = JSON.stringify({ tools: [{ ...tool, max_uses: null }] });
    expect(sent(withNull)).toBe(withNull.replace('null', String(uncapped)));
  });

  it.each(['code_execution_20260521', 'tool_search_tool_bm25_20251119', 'mcp_toolset'])(
    'are held for without a cap where they take none: %s',
    (type) => {
      const { serverTools, caps } = read([{ type, name: 'x', max_uses: 1 }]);
      expect({ serverTools, caps }).toEqual({ serverTools: [{ unit: 'free' }], caps: [] });
    },
  );

  it('are each held for apart', () =>
    expect(read([{ ...search, max_uses: 2 }, { type: 'code_execution_20260521' }, search]).serverTools).toEqual([
      { unit: 'webSearch', usesMost: 2 },
      { unit: 'free' },
      { unit: 'webSearch', usesMost: uncapped },
    ]));

  it('are sent with the caps that they are held for, whatever is in them', () => {
    const extra = fc.dictionary(
      fc.string().filter((key) => !['type', 'model', 'maxuses'].includes(folded(key))),
      fc.jsonValue(),
    );
    const tool = fc
      .tuple(
        fc.constantFrom(search, fetchTool, advisor, { name: 'mine' }),
        extra,
        fc.option(fc.integer({ min: 1, max: 100 })),
      )
      .map(([known, more, max_uses]) => ({ ...more, ...known, ...(max_uses !== null && { max_uses }) }));
    fc.assert(
      fc.property(fc.array(tool), (tools) => {
        const text = JSON.stringify({ tools });
        const { caps, ...held } = readText(text);
        expect(readText(sent(text))).toEqual({ ...held, caps: [] });
        expect(caps).toHaveLength(tools.filter((each) => 'type' in each && !('max_uses' in each)).length);
      }),
    );
  });
});

describe('remote servers', () => {
  const servers = [{ type: 'url', name: 'x', url: 'https://example.com' }];

  it('are held for once, and write a list of tools into the input that nobody sees', () => {
    const remote = { ...none, serverTools: [{ unit: 'free' }], inputUnseen: true };
    expect(read([], { mcp_servers: servers })).toEqual(remote);
    expect(read([{ type: 'mcp_toolset', mcp_server_name: 'x' }])).toMatchObject({ inputUnseen: true });
    for (const nobody of [null, []]) expect(read([], { mcp_servers: nobody })).toEqual(none);
  });

  it('do not hide in another spelling', () =>
    expect(() => read([], { mcpServers: servers })).toThrow('mcp_servers is spelled "mcpServers"'));
});

describe('advisors', () => {
  it('name their model once for every use, up to what can be bounded', () => {
    expect(read([advisor]).otherModels).toEqual(Array(uncapped).fill('claude-opus-5'));
    expect(read([{ ...advisor, max_uses: 100 }]).otherModels).toHaveLength(100);
    expect(() => read([{ ...advisor, max_uses: 101 }])).toThrow('tools[0].max_uses must be at most 100');
  });

  it.each([{}, { model: null }, { model: '' }, { model: 7 }])('that name no model are refused: %j', (model) =>
    expect(() => read([{ type: advisor.type, ...model }])).toThrow('tools[0].model must'),
  );

  it('are the only tools whose model is called', () =>
    expect(read([{ ...search, model: 'claude-opus-5', max_uses: 101 }]).otherModels).toEqual([]));
});

describe('a tool defined in the middle of the conversation', () => {
  it('is read as one of the list', () => {
    const { caps, ...held } = read([{ ...advisor, max_uses: 1 }], added(search));
    expect(held).toEqual({
      serverTools: [
        { unit: 'free', usesMost: 1 },
        { unit: 'webSearch', usesMost: uncapped },
      ],
      otherModels: ['claude-opus-5'],
      inputUnseen: false,
      promptTokensMost: 2 * 2_048,
    });
    expect(caps).toHaveLength(1);
    expect(sent(JSON.stringify(added(search)))).toContain(`"name":"web_search","max_uses":${uncapped}}`);
  });

  it('is refused by the place it stands in', () =>
    expect(() => read([], added({ type: 'teleport_20270101' }))).toThrow(
      'messages[].content[].tool.definition.type is',
    ));

  it('is none where it is no object', () => expect(read([], added('web_search_20260318'))).toEqual(none));
});

describe('a tool is refused', () => {
  it.each([
    ['of a type that is not known', [search, { type: 'teleport_20270101' }], 'tools[1].type is "teleport_20270101"'],
    ['of a known type in another case', [{ type: 'Web_Search_20260318' }], 'tools[0].type is "Web_Search_20260318"'],
    ['of a known type without its date', [{ type: 'web_search' }], 'tools[0].type is "web_search"'],
    ['of a type that only holds a known one', [{ type: 'my_bash_20250124' }], 'tools[0].type is'],
    ['of no type at all', [{ type: '' }], 'tools[0].type is ""'],
    ['of a type that is no text', [{ type: 7 }], 'tools[0].type must be a string'],
    ['with a type in another case', [{ Type: search.type }], 'tools[0].type is spelled "Type"'],
    ['that may be used no time', [{ ...search, max_uses: 0 }], 'tools[0].max_uses must be'],
    ['that may be used less than that', [{ ...search, max_uses: -1 }], 'tools[0].max_uses must be'],
    ['with a cap in words', [{ ...search, max_uses: '3' }], 'tools[0].max_uses must be'],
    ['with a cap in another spelling', [{ ...search, maxUses: 3 }], 'tools[0].max_uses is spelled "maxUses"'],
    ['that is no object', ['web_search_20260318'], 'tools[0] must be an object'],
  ])('%s', (_, tools, words) => expect(() => read(tools)).toThrow(words));

  it.each([
    ['a type', '{"tools":[{"type":"custom","\\u0074ype":"web_search_20260318"}]}', 'tools[0].type is given more'],
    ['a cap', `{"tools":[{"type":"${search.type}","max_uses":1,"max_uses":9}]}`, 'tools[0].max_uses is given more'],
    ['the list', '{"tools":[],"Tools":[]}', 'tools is given more'],
  ])('that has %s twice', (_, body, words) => expect(() => readText(body)).toThrow(words));

  it('with a list that is none', () => expect(() => readText('{"tools":{}}')).toThrow('tools must be an array'));
});
