import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../../core/pricing/usage.ts';
import { ChatReport } from './report.ts';
import { StreamMeter } from './stream.ts';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
const text = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes);
const calls = fixture('tools-and-text.sse');

function run(chunks: readonly Uint8Array[], takesUsageOut = false) {
  const meter = new StreamMeter(new ChatReport('gpt-5.2', false), takesUsageOut);
  const parts = chunks.map((chunk) => meter.push(chunk).slice());
  const out = new Uint8Array(Buffer.concat([...parts, meter.end()]));
  return { out, state: meter.state, metered: meter.metered(), delivered: meter.delivered };
}

const metered = {
  lines: [
    {
      model: 'gpt-5.2-2025-12-11',
      usage: { ...NO_USAGE, input: 24, cacheRead: 64, cacheWrite5m: 32, output: 42, reasoning: 16 },
      contextTokens: 120,
    },
  ],
  toolUses: {},
  serviceTier: 'standard',
};

const delivered = { outputBytes: 'Grüezi 🌍'.length + 3 + 'weather{"city":"Bern"}'.length, mediaBytes: 0 };

/** The fixture without its second last event. */
const withoutUsage = text(calls).replace(/data: [^\n]*"choices":\[\],"usage":\{[^\n]*\n\n/, '');

describe('a stream of chat chunks', () => {
  it('is metered and passed on the same wherever it is cut', () => {
    for (let at = 0; at <= calls.length; at++) {
      const told = run([calls.subarray(0, at), calls.subarray(at)]);
      expect(told).toEqual({ out: calls, state: 'complete', metered, delivered });
    }
  });

  it('loses the usage chunk that its client did not ask for, and nothing else, wherever it is cut', () => {
    expect(withoutUsage.length).toBeLessThan(calls.length - 300);
    for (let at = 0; at <= calls.length; at++) {
      const told = run([calls.subarray(0, at), calls.subarray(at)], true);
      expect({ ...told, out: text(told.out) }).toEqual({ out: withoutUsage, state: 'complete', metered, delivered });
    }
  });

  it('may come in any number of pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: calls.length }), { maxLength: 30 }), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), calls.length];
        const told = run(
          at.slice(1).map((end, i) => calls.subarray(at[i], end)),
          true,
        );
        expect({ ...told, out: text(told.out) }).toEqual({ out: withoutUsage, state: 'complete', metered, delivered });
      }),
      { numRuns: 50 },
    );
  });

  it('that breaks off before its usage tells what was delivered, tool arguments included', () => {
    const cut = calls.subarray(0, text(calls).indexOf('"finish_reason":"tool_calls"'));
    const told = run([cut], true);
    expect(told).toEqual({ out: cut, state: 'open', metered: undefined, delivered });
  });

  it('that has an error in it has failed, and [DONE] does not mend it', () => {
    const failing = fixture('error-midway.sse');
    const done = new TextEncoder().encode('data: [DONE]\n\n');
    for (const chunks of [[failing], [failing, done]]) {
      const { state, metered, delivered, out } = run(chunks, true);
      expect({ state, metered, delivered }).toEqual({
        state: 'failed',
        metered: undefined,
        delivered: { outputBytes: 4, mediaBytes: 0 },
      });
      expect(text(out)).toContain('The server had an error');
    }
  });

  it('passes on what it cannot read', () => {
    const odd = new TextEncoder().encode(': ping\n\ndata: {"choices":[{"delta"\n\ndata: 7\n\nevent: x\ndata: null\n\n');
    expect(run([odd], true)).toEqual({
      out: odd,
      state: 'open',
      metered: undefined,
      delivered: { outputBytes: 0, mediaBytes: 0 },
    });
  });

  it('keeps usage that comes with the last words, as DeepSeek sends it', () => {
    const last = new TextEncoder().encode(
      'data: {"choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}\n\ndata: [DONE]\n\n',
    );
    const told = run([last], true);
    expect(told.out).toEqual(last);
    expect(told.metered?.lines[0]?.usage).toEqual({ ...NO_USAGE, input: 3, output: 2 });
  });
});
