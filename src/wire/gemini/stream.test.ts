import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../../core/pricing/usage.ts';
import type { Meter } from '../framing/wire.ts';
import { GeminiReport } from './report.ts';
import { StreamMeter } from './stream.ts';

const events = readFileSync(`${import.meta.dirname}/fixtures/search-and-tools.sse`);
/** The same chunks as `streamGenerateContent` sends them without `alt=sse`. */
const array = Buffer.from(`[${events.toString().trim().replaceAll('\n\ndata: ', '\n,\r\n').replace('data: ', '')}\n]`);

function metered(bytes: Uint8Array, places: readonly number[], { sse = true, media = false } = {}): Meter {
  const meter = new StreamMeter(new GeminiReport('gemini-asked'), { sse, media });
  let from = 0;
  for (const to of [...places, bytes.length]) {
    const chunk = bytes.subarray(from, to);
    expect(meter.push(chunk)).toBe(chunk);
    from = to;
  }
  expect(meter.state).not.toBe('complete');
  expect(meter.end()).toHaveLength(0);
  return meter;
}

const call = {
  lines: [
    {
      model: 'gemini-3-pro',
      usage: { ...NO_USAGE, input: 17, inputAudio: 30, cacheRead: 60, output: 31, reasoning: 20 },
      contextTokens: 107,
    },
  ],
  toolUses: { webSearch: 2, mapsGrounding: 1 },
  serviceTier: 'priority',
};
const outputBytes = Buffer.byteLength('Plan: "look"Grüße 👋save{"a":1}.');

describe.each([
  ['events', events, true],
  ['a JSON array', array, false],
])('a stream of %s', (_, whole, sse) => {
  it('is metered alike wherever it is cut', () => {
    for (let at = 0; at <= whole.length; at++) {
      const meter = metered(whole, [at], { sse });
      expect(meter.state).toBe('complete');
      expect(meter.metered()).toEqual(call);
      expect(meter.delivered).toEqual({ outputBytes, mediaBytes: 0 });
    }
  });

  it('is metered alike byte by byte', () => {
    const meter = metered(
      whole,
      Array.from(whole, (_byte, i) => i),
      { sse },
    );
    expect(meter.metered()).toEqual(call);
  });

  it('that breaks off has the last usage that was reported, and is not complete', () => {
    const meter = metered(whole.subarray(0, whole.indexOf('finishReason')), [], { sse });
    expect(meter.state).toBe('open');
    expect(meter.metered()?.lines[0]?.usage).toMatchObject({ input: 40, output: 3 });
    expect(meter.delivered.outputBytes).toBe(outputBytes - 1);
  });

  it('reads a picture larger than any text, where the model may answer in one', () => {
    const part = { inlineData: { mimeType: 'image/png', data: 'x'.repeat(2_000_000) } };
    const chunk = JSON.stringify({
      candidates: [{ content: { parts: [part] }, finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 1_290 },
    });
    const bytes = Buffer.from(sse ? `data: ${chunk}\n\n` : `[${chunk}]`);
    const places = Array.from({ length: 40 }, (_byte, i) => i * 50_000);
    const read = metered(bytes, places, { sse, media: true });
    expect(read.delivered).toEqual({ outputBytes: 0, mediaBytes: 2_000_000 });
    expect(read.metered()?.lines[0]?.usage.outputImage).toBe(1_290);
    const passed = metered(bytes, places, { sse });
    expect(passed.metered()).toBeUndefined();
    expect(passed.delivered.outputBytes).toBeGreaterThan(1_900_000);
    expect(passed.state).toBe('open');
  });
});

describe('a stream', () => {
  const chunk = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;

  it('has failed when the provider says so', () => {
    const error = chunk({ error: { code: 503, message: 'no', status: 'UNAVAILABLE' } });
    expect(metered(Buffer.from(error), []).state).toBe('failed');
  });

  it('is complete only when every candidate is', () => {
    const first = chunk({ candidates: [{ index: 0, finishReason: 'STOP' }, { index: 1 }] });
    expect(metered(Buffer.from(first), []).state).toBe('open');
    const second = chunk({ candidates: [{ index: 1, finishReason: 'MAX_TOKENS' }] });
    expect(metered(Buffer.from(first + second), []).state).toBe('complete');
  });

  it('stays complete for a candidate of which more is told after its end', () => {
    const ended = chunk({ candidates: [{ index: 0, finishReason: 'STOP' }] });
    const more = chunk({ candidates: [{ index: 0, groundingMetadata: {} }] });
    expect(metered(Buffer.from(ended + more), []).state).toBe('complete');
  });

  it('is complete when the prompt was blocked', () => {
    const blocked = chunk({ promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 3 } });
    const meter = metered(Buffer.from(blocked), []);
    expect(meter.state).toBe('complete');
    expect(meter.metered()?.lines[0]?.usage.input).toBe(3);
  });

  it('ignores what is no chunk', () => {
    const meter = metered(
      Buffer.from(`: comment\n\ndata: [1]\n\ndata: {"candidates":[null,{"content":{"parts":"x"}}]}\n\n`),
      [],
    );
    expect(meter.metered()).toBeUndefined();
  });
});
