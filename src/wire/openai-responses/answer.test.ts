import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../../core/pricing/usage.ts';
import { AnswerMeter } from './answer.ts';
import { ResponseReport } from './report.ts';

const answer = new Uint8Array(readFileSync(new URL('fixtures/answer.json', import.meta.url)));
const bytesOf = (body: object) => new TextEncoder().encode(JSON.stringify(body));

function run(...chunks: readonly Uint8Array[]) {
  const meter = new AnswerMeter(new ResponseReport('gpt-5.2'));
  for (const chunk of chunks) expect(meter.push(chunk)).toBe(chunk);
  expect(meter.state).toBe('open');
  expect(meter.end()).toHaveLength(0);
  return { state: meter.state, metered: meter.metered(), delivered: meter.delivered };
}

describe('a response in one piece of JSON', () => {
  it('is metered wherever it is cut', () => {
    for (let at = 0; at <= answer.length; at++) {
      expect(run(answer.subarray(0, at), answer.subarray(at))).toEqual({
        state: 'complete',
        metered: {
          lines: [
            {
              model: 'gpt-5.2-2025-12-11',
              usage: { ...NO_USAGE, input: 5_928, cacheRead: 1_024, cacheWrite5m: 2_048, output: 300, reasoning: 256 },
              contextTokens: 9_000,
            },
          ],
          toolUses: { webSearch: 1 },
          serviceTier: 'flex',
        },
        delivered: { outputBytes: 'Z2VoZWlt'.length + 'Schoen '.length + 3 + '{"sun":1}'.length, mediaBytes: 0 },
      });
    }
  });

  it('that breaks off is open, and every byte of it was delivered', () => {
    expect(run(answer.subarray(0, 300))).toEqual({
      state: 'open',
      metered: undefined,
      delivered: { outputBytes: 300, mediaBytes: 0 },
    });
  });

  it.each([
    { error: { message: 'no', type: 'server_error', param: null, code: null } },
    { status: 'failed', error: { code: 'server_error', message: 'no' }, output: [], usage: null },
  ])('that failed costs nothing: %j', (body) =>
    expect(run(bytesOf(body))).toMatchObject({ state: 'failed', metered: undefined, delivered: { outputBytes: 0 } }),
  );

  it('that was incomplete is charged for', () => {
    const body = { status: 'incomplete', error: null, output: [], usage: { input_tokens: 1, output_tokens: 2 } };
    expect(run(bytesOf(body))).toMatchObject({ state: 'complete', metered: { lines: [{ usage: { output: 2 } }] } });
  });
});
