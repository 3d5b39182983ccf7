import { describe, expect, it } from 'vitest';
import { Refused } from '../../core/errors.ts';
import { RequestObject } from '../framing/fields.ts';
import { INPUT_WATCH } from './input.ts';
import { readTools } from './tools.ts';

const none = { demands: [], uncapped: false, drawers: [] };

function read(tools: readonly object[], more: object = {}) {
  const body = JSON.stringify({ model: 'm', input: 'x', tools, ...more });
  return readTools(RequestObject.ofBody(new TextEncoder().encode(body), INPUT_WATCH));
}

function refused(tools: readonly object[], more: object = {}): string {
  try {
    read(tools, more);
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
  throw new Error('was not refused');
}

describe('the tools of a response', () => {
  it.each([
    ['none', []],
    [
      'a function and a custom tool',
      [
        { type: 'function', name: 'f' },
        { type: 'custom', name: 'c' },
      ],
    ],
    ['a namespace of functions', [{ type: 'namespace', name: 'n', tools: [{ type: 'function', name: 'f' }] }]],
    ['a local shell', [{ type: 'local_shell' }, { type: 'shell', environment: { type: 'local' } }, { type: 'shell' }]],
    ['a computer', [{ type: 'computer' }, { type: 'apply_patch' }]],
    ['a search for tools by the client', [{ type: 'tool_search', execution: 'client' }]],
  ])('that the client runs cost nothing: %s', (_, tools) => expect(read(tools)).toEqual(none));

  it.each([
    ['webSearch', { type: 'web_search' }],
    ['webSearch', { type: 'web_search_preview_2025_03_11' }],
    ['fileSearch', { type: 'file_search', vector_store_ids: ['vs_1'] }],
    ['codeExecution', { type: 'code_interpreter', container: 'cntr_1' }],
    ['codeExecution', { type: 'code_interpreter', container: { type: 'auto', memory_limit: '1g' } }],
    ['codeExecution', { type: 'shell', environment: { type: 'container_auto' } }],
    ['free', { type: 'mcp', server_label: 's' }],
    ['free', { type: 'tool_search' }],
  ])('that OpenAI runs are held for: %s by %j', (unit, tool) => {
    expect(read([{ type: 'function', name: 'f' }, tool])).toEqual({ demands: [{ unit }], uncapped: true, drawers: [] });
    expect(read([tool], { max_tool_calls: 3 })).toEqual({
      demands: [{ unit, usesMost: 3 }],
      uncapped: false,
      drawers: [],
    });
  });

  it('share one cap, at the price of the dearest', () => {
    const tools = [{ type: 'mcp' }, { type: 'file_search' }, { type: 'web_search' }];
    expect(read(tools, { max_tool_calls: 7 }).demands).toEqual([{ unit: 'webSearch', usesMost: 7 }]);
  });

  it('are found where they come as items, or in a namespace', () => {
    const input = [
      {
        type: 'additional_tools',
        role: 'developer',
        tools: [{ type: 'namespace', name: 'n', tools: [{ type: 'web_search' }] }],
      },
    ];
    expect(read([], { input })).toMatchObject({ demands: [{ unit: 'webSearch' }], uncapped: true });
    const loaded = [{ type: 'tool_search_output', tools: [{ type: 'mcp', server_label: 's' }] }];
    expect(read([], { input: loaded })).toMatchObject({ demands: [{ unit: 'free' }] });
  });

  it('may draw images by another model as often as they may be called', () => {
    const tools = [{ type: 'image_generation', model: 'gpt-image-2' }];
    expect(read(tools, { max_tool_calls: 2 }).drawers).toEqual(['gpt-image-2', 'gpt-image-2']);
    expect(read([{ type: 'image_generation' }]).drawers).toEqual(Array(5).fill('gpt-image-1'));
  });

  it('come with a prompt template, unseen', () => {
    expect(read([], { prompt: { id: 'pmpt_1' } })).toEqual({
      demands: [{ unit: 'codeExecution' }],
      uncapped: true,
      drawers: [],
    });
  });

  it.each([
    ['of a type that is not known', [{ type: 'time_travel' }], {}, 'tools[0].type'],
    ['of no type', [{}], {}, 'tools[0].type'],
    ['with two types', [{ type: 'function', Type: 'web_search' }], {}, 'type'],
    [
      'in a large container',
      [{ type: 'code_interpreter', container: { type: 'auto', memory_limit: '64g' } }],
      {},
      'memory_limit',
    ],
    [
      'in a large shell',
      [{ type: 'shell', environment: { type: 'container_auto', memory_limit: '4g' } }],
      {},
      'memory_limit',
    ],
    [
      'of a type that is not known, as an item',
      [],
      { input: [{ type: 'additional_tools', tools: [{ type: 'x' }] }] },
      'type',
    ],
    ['capped at 0', [{ type: 'web_search' }], { max_tool_calls: 0 }, 'max_tool_calls'],
    ['capped beyond sense', [{ type: 'web_search' }], { max_tool_calls: 1_001 }, 'max_tool_calls'],
  ])('are refused %s', (_, tools, more, word) => expect(refused(tools, more)).toContain(word));
});
