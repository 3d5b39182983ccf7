import { describe, expect, it } from 'vitest';
import { ResponseReport } from './report.ts';

const usage = { input_tokens: 7, output_tokens: 3 };
const search = { type: 'web_search_call', status: 'completed', action: { type: 'search' } };

function toldBy(...events: readonly Record<string, unknown>[]) {
  const report = new ResponseReport('gpt-5');
  for (const event of events) report.takeEvent(String(event['type']), event);
  return { state: report.state, metered: report.metered(), delivered: report.delivered };
}

describe('what a response has told', () => {
  it.each([
    ['response.completed', 'completed', 'complete'],
    ['response.incomplete', 'incomplete', 'complete'],
    ['response.failed', 'failed', 'failed'],
  ])('after %s is what its usage says', (type, status, state) => {
    const told = toldBy({ type, response: { status, model: 'gpt-5-2025-08-07', service_tier: 'flex', usage } });
    expect(told.state).toBe(state);
    expect(told.metered).toMatchObject({ lines: [{ model: 'gpt-5-2025-08-07' }], toolUses: {}, serviceTier: 'flex' });
  });

  it('is nothing for one that failed without usage, whatever it searched before', () => {
    const failed = { type: 'response.failed', response: { status: 'failed', usage: null } };
    expect(toldBy({ type: 'response.output_item.done', item: search }, failed).metered).toBeUndefined();
    expect(toldBy({ type: 'error', message: 'no' }).state).toBe('failed');
  });

  it('takes nothing from responses that go on', () => {
    const going = { type: 'response.in_progress', response: { status: 'in_progress', usage } };
    expect(toldBy(going)).toEqual({ state: 'open', metered: undefined, delivered: { outputBytes: 0, mediaBytes: 0 } });
  });

  it('is the tools used, and no tokens, before the end', () => {
    const told = toldBy({ type: 'response.output_item.done', item: search });
    expect(told.metered).toEqual({ lines: [], toolUses: { webSearch: 1 } });
  });

  it('counts tools by the last list of items, or by those that came one by one', () => {
    const item = { type: 'response.output_item.done', item: search };
    const done = (output: object[]) => ({ type: 'response.completed', response: { output, usage } });
    expect(toldBy(item, done([search])).metered?.toolUses).toEqual({ webSearch: 1 });
    expect(toldBy(item, done([])).metered?.toolUses).toEqual({ webSearch: 1 });
  });

  it('names the model asked for where the answer names none, and adds the one that drew', () => {
    const response = { model: '', usage, tool_usage: { image_gen: { input_tokens: 1, output_tokens: 2 } } };
    const told = toldBy({ type: 'response.completed', response });
    expect(told.metered?.lines.map((line) => line.model)).toEqual(['gpt-5', 'gpt-image-1']);
  });

  it('counts every kind of generated text as delivered, in UTF-8, and media apart', () => {
    const events: [Record<string, unknown>, number, number][] = [
      [{ type: 'response.output_text.delta', delta: 'né' }, 3, 0],
      [{ type: 'response.refusal.delta', delta: 'no' }, 2, 0],
      [{ type: 'response.reasoning_summary_text.delta', delta: 'hm' }, 2, 0],
      [{ type: 'response.function_call_arguments.delta', delta: '{}' }, 2, 0],
      [{ type: 'response.custom_tool_call_input.delta', delta: 'ls' }, 2, 0],
      [{ type: 'response.output_text.done', text: 'né' }, 0, 0],
      [{ type: 'response.audio.delta', delta: 'AAAA' }, 0, 4],
      [{ type: 'response.image_generation_call.partial_image', partial_image_b64: 'AAA' }, 0, 3],
      [{ type: 'response.output_item.done', item: { type: 'reasoning', encrypted_content: 'abcd' } }, 4, 0],
      [{ type: 'response.output_item.done', item: { type: 'image_generation_call', result: 'AA' } }, 0, 2],
    ];
    for (const [event, outputBytes, mediaBytes] of events) {
      expect(toldBy(event).delivered).toEqual({ outputBytes, mediaBytes });
    }
  });
});
