import { describe, expect, it } from 'vitest';
import { ChatReport } from './report.ts';

const usage = { prompt_tokens: 7, completion_tokens: 3 };

describe('what a chat answer has told', () => {
  it('names the model asked for until the answer names the one that served', () => {
    const report = new ChatReport('router', false);
    report.take({ model: '', choices: [], usage });
    expect(report.metered()?.lines[0]?.model).toBe('router');
    report.take({ model: 'gpt-5-nano-2025-08-07', choices: [], usage });
    expect(report.metered()?.lines[0]?.model).toBe('gpt-5-nano-2025-08-07');
  });

  it('keeps the last counts where a provider repeats them', () => {
    const report = new ChatReport('grok-4', false);
    report.take({ choices: [{ delta: { content: 'a' } }], usage: { prompt_tokens: 7, completion_tokens: 1 } });
    report.take({ choices: [{ delta: { content: 'b' } }], usage: { prompt_tokens: 7, completion_tokens: 2 } });
    report.take({ choices: [{ delta: {} }], usage: null });
    expect(report.metered()?.lines[0]?.usage.output).toBe(2);
  });

  it('is nothing until something was counted, and one search where the model searches', () => {
    const report = new ChatReport('gpt-5-search-api', true);
    report.take({ service_tier: 'auto', choices: [{ delta: { content: 'a' } }] });
    expect(report.metered()).toBeUndefined();
    report.take({ choices: [], usage });
    expect(report.metered()).toEqual({ lines: [expect.anything()], toolUses: { webSearch: 1 } });
  });

  it('counts every kind of generated text as delivered, in UTF-8, and media apart', () => {
    const deltas: [object, number, number][] = [
      [{ content: 'né' }, 3, 0],
      [{ refusal: 'no' }, 2, 0],
      [{ reasoning_content: 'hm' }, 2, 0],
      [{ tool_calls: [{ function: { name: 'f', arguments: '{}' } }, { custom: { name: 'g', input: 'ls' } }] }, 6, 0],
      [{ function_call: { name: 'f', arguments: '{}' } }, 3, 0],
      [{ audio: { transcript: 'hi', data: 'AAAA' } }, 2, 4],
      [{ role: 'assistant', content: null }, 0, 0],
    ];
    for (const [delta, outputBytes, mediaBytes] of deltas) {
      const report = new ChatReport('m', false);
      report.take({ choices: [{ delta }] });
      expect(report.delivered).toEqual({ outputBytes, mediaBytes });
    }
  });

  it('tells a chunk that holds the usage only from one that holds more', () => {
    const report = new ChatReport('m', false);
    expect(report.take({ choices: [], usage })).toBe(true);
    expect(report.take({ choices: [], prompt_filter_results: [] })).toBe(false);
    expect(report.take({ choices: [{ delta: {} }], usage })).toBe(false);
    expect(report.take({ choices: [], usage: null })).toBe(false);
  });
});
