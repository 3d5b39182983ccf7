import { describe, expect, it } from 'vitest';
import { MessagesReport, messageBytes } from './report.ts';

const usageOf = (report: MessagesReport) => report.metered()?.lines[0]?.usage;

describe('what a message has told', () => {
  it('is nothing before it tells its usage', () => {
    const report = new MessagesReport('claude-asked');
    expect(report).toMatchObject({ state: 'open' });
    expect(report.metered()).toBeUndefined();
    report.takeMessage({ model: 'claude-x', usage: null });
    report.takeDelta({ stop_reason: 'end_turn' }, { usage: 'none' });
    expect(report.metered()).toBeUndefined();
  });

  it('is its usage, a zero included', () => {
    const report = new MessagesReport('claude-asked');
    report.takeMessage({ usage: { input_tokens: 0, output_tokens: 0 } });
    expect(usageOf(report)).toMatchObject({ input: 0, output: 0 });
  });

  it('is of the model that it names, and until then of the one asked for', () => {
    const report = new MessagesReport('claude-asked');
    report.takeDelta(undefined, { usage: { output_tokens: 1 } });
    expect(report.metered()?.lines[0]?.model).toBe('claude-asked');
    report.takeMessage({ model: null });
    expect(report.metered()?.lines[0]?.model).toBe('claude-asked');
    report.takeMessage({ model: 'claude-asked-20260901' });
    expect(report.metered()?.lines[0]?.model).toBe('claude-asked-20260901');
  });

  it('is replaced field by field by what comes later, down as well as up, and never added up', () => {
    const report = new MessagesReport('claude-asked');
    report.takeMessage({ usage: { input_tokens: 60_385, cache_read_input_tokens: 8, output_tokens: 1 } });
    report.takeDelta({}, { usage: { output_tokens: 30 } });
    report.takeDelta({}, { usage: { input_tokens: 612, cache_read_input_tokens: null, output_tokens: 57 } });
    expect(usageOf(report)).toMatchObject({ input: 612, cacheRead: 8, output: 57 });
  });

  it('keeps the last stop reason that was given, by which a declined call is known', () => {
    const report = new MessagesReport('claude-asked');
    const isDeclined = () => report.metered()?.lines[0]?.refused === true;
    report.takeMessage({ stop_reason: null, usage: { input_tokens: 9, output_tokens: 0 } });
    expect(isDeclined()).toBe(false);
    report.takeDelta({ stop_reason: 'refusal' }, {});
    expect(isDeclined()).toBe(true);
    report.takeDelta({ stop_reason: null }, {});
    report.takeDelta(undefined, {});
    expect(isDeclined()).toBe(true);
    report.takeDelta({ stop_reason: 'end_turn' }, {});
    expect(isDeclined()).toBe(false);
  });

  it('has its stop reason from a whole message too', () => {
    const report = new MessagesReport('claude-asked');
    report.takeMessage({ stop_reason: 'refusal', usage: { input_tokens: 9, output_tokens: 0 } });
    expect(report.metered()?.lines[0]?.refused).toBe(true);
  });

  it('has the stop reason in the delta and the usage beside it, not the other way round', () => {
    const report = new MessagesReport('claude-asked');
    report.takeMessage({ usage: { input_tokens: 9, output_tokens: 0 } });
    report.takeDelta({ usage: { output_tokens: 7 } }, { stop_reason: 'refusal' });
    expect(usageOf(report)).toMatchObject({ output: 0 });
    expect(report.metered()?.lines[0]).not.toHaveProperty('refused');
  });

  it.each([
    ['complete', 'failed'],
    ['failed', 'complete'],
  ] as const)('once %s is never %s', (first, second) => {
    const report = new MessagesReport('claude-asked');
    report.close(first);
    expect(report.state).toBe(first);
    report.close(second);
    expect(report.state).toBe(first);
  });

  it('is still told after it has failed', () => {
    const report = new MessagesReport('claude-asked');
    report.takeMessage({ usage: { input_tokens: 10, output_tokens: 1 } });
    report.close('failed');
    expect(usageOf(report)).toMatchObject({ input: 10, output: 1 });
  });
});

describe('the bytes of a whole message', () => {
  it.each([
    ['text, in UTF-8', [{ type: 'text', text: 'Grüße 👋' }], 'Grüße 👋'],
    ['thinking, without its signature', [{ type: 'thinking', thinking: 'né', signature: 'c2ln' }], 'né'],
    ['what a tool is given, as JSON', [{ type: 'tool_use', id: 't', name: 'f', input: { a: '你' } }], '{"a":"你"}'],
    ['a tool that is given nothing', [{ type: 'server_tool_use', name: 'f', input: {} }], '{}'],
    [
      'all blocks together',
      [{ thinking: 'so' }, { text: 'a' }, { text: 'b' }, { input: { c: 1 } }],
      ['so', 'a', 'b', '{"c":1}'].join(''),
    ],
    ['no citations and no results', [{ type: 'web_search_tool_result', content: [{ title: 'long' }] }], ''],
    ['no text that is none', [{ text: null }, { thinking: 7 }, 'text'], ''],
    ['no blocks where there are none', undefined, ''],
  ])('are those of %s', (_, content, said) => {
    expect(messageBytes({ content })).toBe(new TextEncoder().encode(said).length);
  });
});
