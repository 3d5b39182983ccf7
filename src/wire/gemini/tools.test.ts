import { describe, expect, it } from 'vitest';
import { RequestObject } from '../framing/fields.ts';
import { readTools } from './tools.ts';

const none = { serverTools: [], inputUnseen: false, promptTokensMost: 0 };
/** What Google writes into the prompt for one tool. */
const PROMPT = 1_024;

const readText = (body: string) => readTools(RequestObject.ofBody(new TextEncoder().encode(body)));
const read = (...tools: readonly unknown[]) => readText(JSON.stringify({ tools }));

describe('tools', () => {
  it('are none where none are given', () => {
    for (const body of ['{}', '{"tools":null}', '{"tools":[]}', '{"tools":[{}]}']) expect(readText(body)).toEqual(none);
  });

  it.each(['functionDeclarations', 'function_declarations', 'computerUse', 'computer_use'])(
    'that the client runs add a prompt and nothing else: %s',
    (name) => expect(read({ [name]: {} })).toEqual({ ...none, promptTokensMost: PROMPT }),
  );

  it.each([
    ['googleSearch', 'webSearch'],
    ['google_search', 'webSearch'],
    ['googleSearchRetrieval', 'webSearch'],
    ['google_search_retrieval', 'webSearch'],
    ['googleMaps', 'mapsGrounding'],
    ['google_maps', 'mapsGrounding'],
    ['codeExecution', 'free'],
    ['code_execution', 'free'],
    ['urlContext', 'free'],
    ['url_context', 'free'],
    ['fileSearch', 'free'],
    ['file_search', 'free'],
  ])('that Google runs are held for without a cap, for there is none: %s as %s', (name, unit) =>
    expect(read({ [name]: { maxUses: 1 } })).toEqual({ ...none, serverTools: [{ unit }], promptTokensMost: PROMPT }),
  );

  it.each(['mcpServers', 'mcp_servers'])(
    'of a remote server write a list into the input that nobody sees: %s',
    (name) =>
      expect(read({ [name]: [] })).toEqual({
        serverTools: [{ unit: 'free' }],
        inputUnseen: true,
        promptTokensMost: PROMPT,
      }),
  );

  it('are each held for, whether they stand in one or apart', () => {
    const all = {
      serverTools: [{ unit: 'webSearch' }, { unit: 'free' }],
      inputUnseen: false,
      promptTokensMost: 3 * PROMPT,
    };
    expect(read({ functionDeclarations: [], googleSearch: {}, codeExecution: {} })).toEqual(all);
    expect(read({ googleSearch: {} }, { functionDeclarations: [] }, { codeExecution: {} })).toEqual(all);
    expect(read({ googleSearch: {} }, { googleSearch: {} }).serverTools).toHaveLength(2);
  });

  it('are known by their names, not by what functions are called', () =>
    expect(read({ functionDeclarations: [{ name: 'googleSearch', googleSearch: {} }] }).serverTools).toEqual([]));

  it('that are null are none', () => expect(read({ googleSearch: null, codeExecution: null })).toEqual(none));
});

describe('a tool is refused', () => {
  it.each([
    ['that is not known', [{ googleSearch: {} }, { teleport: {} }], 'tools[1].teleport is a tool that is not priced'],
    ['that is not known beside one that is', [{ googleSearch: {}, teleport: {} }], 'tools[0].teleport is'],
    ['that is not known, though it is null', [{ teleport: null }], 'tools[0].teleport is'],
    ['in another case', [{ GoogleSearch: {} }], 'tools[0].GoogleSearch is'],
    ['in both spellings', [{ googleSearch: null, google_search: {} }], 'tools[0].googleSearch is given more than once'],
    ['that is no object', ['googleSearch'], 'tools[0] must be an object'],
  ])('%s', (_, tools, words) => expect(() => read(...tools)).toThrow(words));

  it('that stands twice in one', () =>
    expect(() => readText('{"tools":[{"googleSearch":null,"google\\u0053earch":{}}]}')).toThrow(
      'tools[0].googleSearch is given more than once',
    ));

  it('without repeating a name at length', () =>
    expect(() => read({ ['x'.repeat(65)]: {} })).toThrow(`tools[0].${'x'.repeat(64)} is a tool`));

  it('with a list that is none, or in another case', () => {
    expect(() => readText('{"tools":{}}')).toThrow('tools must be an array');
    expect(() => readText('{"Tools":[]}')).toThrow('tools is spelled "Tools"');
  });
});
