import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../../core/pricing/usage.ts';
import { ResponseReport } from './report.ts';
import { StreamMeter } from './stream.ts';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const search = fixture('search-and-call.sse');

function run(...chunks: readonly Uint8Array[]) {
  const meter = new StreamMeter(new ResponseReport('gpt-5.2'));
  for (const chunk of chunks) expect(meter.push(chunk)).toBe(chunk);
  expect(meter.end()).toHaveLength(0);
  return { state: meter.state, metered: meter.metered(), delivered: meter.delivered };
}

const complete = {
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
    serviceTier: 'standard',
  },
  delivered: { outputBytes: 'Z2VoZWlt'.length + 'Schoen '.length + 3 + '{"sun":1}'.length, mediaBytes: 0 },
};

describe('a stream of response events', () => {
  it('is metered the same wherever it is cut, and passes untouched', () => {
    for (let at = 0; at <= search.length; at++) {
      expect(run(search.subarray(0, at), search.subarray(at))).toEqual(complete);
    }
  });

  it('may come in any number of pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: search.length }), { maxLength: 30 }), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), search.length];
        expect(run(...at.slice(1).map((end, i) => search.subarray(at[i], end)))).toEqual(complete);
      }),
      { numRuns: 50 },
    );
  });

  it('is read by the type in its data where events have no name', () => {
    const unnamed = new TextEncoder().encode(text(search).replaceAll(/^event: .*\n/gm, ''));
    expect(run(unnamed)).toEqual(complete);
  });

  it('is read by the name of an event whose data has no type', () => {
    const untyped = new TextEncoder().encode(text(search).replaceAll(/^data: \{"type":"[^"]*",/gm, 'data: {'));
    expect(run(untyped)).toEqual(complete);
  });

  it('is complete at its last event, before the stream has ended', () => {
    const meter = new StreamMeter(new ResponseReport('gpt-5.2'));
    meter.push(search);
    expect(meter.state).toBe('complete');
  });

  it('that breaks off tells what was searched and delivered, and no tokens', () => {
    const cut = search.subarray(
      0,
      text(search).indexOf(
        'event: response.output_item.done\ndata: {"type":"response.output_item.done","sequence_number":10',
      ),
    );
    const { state, metered, delivered } = run(cut);
    expect({ state, metered }).toEqual({ state: 'open', metered: { lines: [], toolUses: { webSearch: 1 } } });
    expect(delivered.outputBytes).toBeGreaterThan(0);
  });

  it('that fails without usage costs nothing', () => {
    const told = run(fixture('failed.sse'));
    expect(told).toEqual({ state: 'failed', metered: undefined, delivered: { outputBytes: 0, mediaBytes: 0 } });
  });

  it('reads a last event of several megabytes', () => {
    const large = text(search).replace(
      'Be brief.","model":"gpt-5.2-2025-12-11","output":[{',
      `${'x'.repeat(3_000_000)}","model":"gpt-5.2-2025-12-11","output":[{`,
    );
    expect(large.length).toBeGreaterThan(3_000_000);
    const bytes = new TextEncoder().encode(large);
    const chunks = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, i) =>
      bytes.subarray(i * 65_536, (i + 1) * 65_536),
    );
    expect(run(...chunks)).toEqual(complete);
  });

  it('passes on what it cannot read', () => {
    const odd = new TextEncoder().encode(': ping\n\ndata: [1]\n\nevent: response.completed\ndata: {"respon\n\n');
    expect(run(odd).state).toBe('open');
  });
});
