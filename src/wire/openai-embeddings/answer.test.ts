import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../../core/pricing/usage.ts';
import { AnswerMeter } from './answer.ts';

const answer = new Uint8Array(readFileSync(new URL('fixtures/answer.json', import.meta.url)));
const bytesOf = (text: string) => new TextEncoder().encode(text);

function run(...chunks: readonly Uint8Array[]) {
  const meter = new AnswerMeter('asked-for');
  for (const chunk of chunks) expect(meter.push(chunk)).toBe(chunk);
  expect(meter.end()).toHaveLength(0);
  expect(meter.delivered).toEqual({ outputBytes: 0, mediaBytes: 0 });
  return { state: meter.state, metered: meter.metered() };
}

const metered = (input: number, model = 'text-embedding-3-small') => ({
  lines: [{ model, usage: { ...NO_USAGE, input }, contextTokens: input }],
  toolUses: {},
});

const vectors = JSON.stringify({ object: 'embedding', index: 0, embedding: Array(20_000).fill(-0.00692) });

describe('an answer of vectors', () => {
  it('is metered wherever it is cut', () => {
    for (let at = 0; at <= answer.length; at++) {
      expect(run(answer.subarray(0, at), answer.subarray(at))).toEqual({ state: 'complete', metered: metered(9) });
    }
  });

  it('may be large, with its usage behind or before the vectors, in chunks of any size', () => {
    const tail = `{"object":"list","data":[${vectors}],"model":"text-embedding-3-small","usage":{"prompt_tokens":7,"total_tokens":7}}\n`;
    const head = `{"usage":{"prompt_tokens":7,"details":{"text":7}},"model":"text-embedding-3-small","data":[${vectors}]}`;
    for (const bytes of [tail, head].map(bytesOf)) {
      for (const size of [1_000, 4_096, 65_536, bytes.length]) {
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        );
        expect(run(...chunks)).toEqual({ state: 'complete', metered: metered(7) });
      }
    }
  });

  it('names the model asked for where it names none', () => {
    expect(run(bytesOf('{"data":[],"usage":{"prompt_tokens":0}}')).metered).toEqual(metered(0, 'asked-for'));
  });

  it('that breaks off behind its usage has reported it, and is not complete', () => {
    const cut = bytesOf('{"usage":{"prompt_tokens":7},"model":"m","data":[{"embedding":[0.1,');
    expect(run(cut)).toEqual({ state: 'open', metered: metered(7, 'm') });
  });

  it('that breaks off before it, or counts nothing, is not complete', () => {
    expect(run(answer.subarray(0, 150))).toEqual({ state: 'open', metered: undefined });
    expect(run(bytesOf('{"data":[]}'))).toEqual({ state: 'open', metered: undefined });
    expect(run()).toEqual({ state: 'open', metered: undefined });
  });

  it('that is an error has failed and costs nothing', () => {
    expect(run(bytesOf('{"error":{"message":"no"}}'))).toEqual({ state: 'failed', metered: undefined });
  });
});
