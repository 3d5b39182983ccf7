import { describe, expect, it } from 'vitest';
import { runsInContainer, toolKind, toolUsesIn } from './tool-uses.ts';

const searched = (type?: string) => ({ type: 'web_search_call', ...(type && { action: { type } }) });
const shell = (environment: object | null) => ({ type: 'shell_call', environment });

describe('tool uses in an answer', () => {
  it.each([
    [
      'searches count, what follows them up does not',
      [searched('search'), searched('open_page'), searched('find_in_page')],
      { webSearch: 1 },
    ],
    ['a search that does not name its action counts', [searched(), searched('search')], { webSearch: 2 }],
    ['a search that failed does not count', [{ ...searched('search'), status: 'failed' }], {}],
    ['each file search counts', [{ type: 'file_search_call' }, { type: 'file_search_call' }], { fileSearch: 2 }],
    [
      'code counts by container, not by call',
      [
        { type: 'code_interpreter_call', container_id: 'cntr_1' },
        { type: 'code_interpreter_call', container_id: 'cntr_1' },
        shell({ type: 'container_reference', container_id: 'cntr_2' }),
      ],
      { codeExecution: 2 },
    ],
    [
      'code in a container without a name counts once',
      [{ type: 'code_interpreter_call' }, shell({ type: 'container_auto' })],
      { codeExecution: 1 },
    ],
    ['a shell of the client is free', [shell({ type: 'local' }), shell(null), { type: 'local_shell_call' }], {}],
    [
      'what is billed by tokens only is not counted',
      [{ type: 'mcp_call' }, { type: 'message' }, { type: 'function_call' }],
      {},
    ],
  ])('%s', (_, items, expected) => expect(toolUsesIn(items)).toEqual(expected));
});

it('a tool is known by its type, or not at all', () => {
  expect(toolKind('web_search_preview')).toBe('webSearch');
  expect(toolKind('function')).toBe('client');
  expect(toolKind('mcp')).toBe('free');
  expect(toolKind('time_travel')).toBeUndefined();
  expect(toolKind('constructor')).toBeUndefined();
});

it('a shell runs at OpenAI in its containers only', () => {
  expect(['container_auto', 'container_reference', 'local', undefined].map(runsInContainer)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
