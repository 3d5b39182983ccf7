import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../../core/pricing/usage.ts';
import { AnswerMeter } from './answer.ts';
import { ChatReport } from './report.ts';

const answer = new Uint8Array(readFileSync(new URL('fixtures/answer.json', import.meta.url)));

function run(...chunks: readonly Uint8Array[]) {
  const meter = new AnswerMeter(new ChatReport('gpt-5.2', false));
  for (const chunk of chunks) expect(meter.push(chunk)).toBe(chunk);
  expect(meter.state).toBe('open');
  expect(meter.end()).toHaveLength(0);
  return { state: meter.state, metered: meter.metered(), delivered: meter.delivered };
}

describe('a chat answer in one piece of JSON', () => {
  it('is metered wherever it is cut', () => {
    for (let at = 0; at <= answer.length; at++) {
      expect(run(answer.subarray(0, at), answer.subarray(at))).toEqual({
        state: 'complete',
        metered: {
          lines: [
            {
              model: 'gpt-5.2-2025-12-11',
              usage: { ...NO_USAGE, input: 40, cacheRead: 60, output: 20, reasoning: 8 },
              contextTokens: 100,
            },
          ],
          toolUses: {},
          serviceTier: 'priority',
        },
        delivered: { outputBytes: 'Ja'.length + 'shls'.length, mediaBytes: 0 },
      });
    }
  });

  it('that breaks off is open, and every byte of it was delivered', () => {
    expect(run(answer.subarray(0, 200))).toEqual({
      state: 'open',
      metered: undefined,
      delivered: { outputBytes: 200, mediaBytes: 0 },
    });
  });

  it('that is an error has failed and costs nothing', () => {
    const error = new TextEncoder().encode('{"error":{"message":"no","type":"server_error","param":null,"code":null}}');
    expect(run(error)).toEqual({
      state: 'failed',
      metered: undefined,
      delivered: { outputBytes: 0, mediaBytes: 0 },
    });
  });
});
