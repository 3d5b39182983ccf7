import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../../core/pricing/usage.ts';
import { StreamMeter } from './stream.ts';

const fixture = (name: string) => readFileSync(`${import.meta.dirname}/fixtures/${name}`);

/** Feeds a stream cut at `places`; checks that every byte passes at once and as it came. */
function metered(bytes: Uint8Array, places: readonly number[]): StreamMeter {
  const meter = new StreamMeter('claude-asked');
  let from = 0;
  for (const to of [...places, bytes.length]) {
    const chunk = bytes.subarray(from, to);
    expect(meter.push(chunk)).toBe(chunk);
    from = to;
  }
  expect(meter.end()).toHaveLength(0);
  return meter;
}

const bytesOfText = (text: string) => new TextEncoder().encode(text).length;

describe('a stream of messages', () => {
  const whole = fixture('text-and-tools.sse');
  const call = {
    lines: [
      {
        model: 'claude-opus-5-20260901',
        usage: {
          ...NO_USAGE,
          input: 2,
          cacheRead: 26_383,
          cacheWrite5m: 4,
          cacheWrite1h: 421,
          output: 57,
          reasoning: 20,
        },
        contextTokens: 26_810,
      },
    ],
    toolUses: { webSearch: 2 },
    serviceTier: 'standard',
    fast: true,
    geography: 'us',
  };
  const outputBytes = bytesOfText('Which “text”: "A"?\n') + bytesOfText('Grüße 👋') + bytesOfText('{"a":1}');

  it('is metered alike wherever it is cut', () => {
    for (let at = 0; at <= whole.length; at++) {
      const meter = metered(whole, [at]);
      expect(meter.state).toBe('complete');
      expect(meter.metered()).toEqual(call);
      expect(meter.delivered).toEqual({ outputBytes, mediaBytes: 0 });
    }
  });

  it('is metered alike byte by byte, and with CRLF line ends', () => {
    const crlf = Buffer.from(whole.toString().replaceAll('\n', '\r\n'));
    for (const bytes of [whole, crlf]) {
      const meter = metered(
        bytes,
        Array.from(bytes, (_, i) => i),
      );
      expect(meter.metered()).toEqual(call);
      expect(meter.delivered.outputBytes).toBe(outputBytes);
    }
  });

  it('that breaks off has what was reported and delivered until then, and is not complete', () => {
    const meter = metered(whole.subarray(0, whole.indexOf('event: message_delta')), []);
    expect(meter.state).toBe('open');
    expect(meter.metered()?.lines[0]?.usage).toMatchObject({ input: 2, cacheWrite1h: 421, output: 1 });
    expect(meter.delivered.outputBytes).toBe(outputBytes);
  });

  it('with its usage but without its last event is not complete', () => {
    const meter = metered(whole.subarray(0, whole.indexOf('event: message_stop')), []);
    expect(meter.state).toBe('open');
    expect(meter.metered()).toEqual(call);
  });

  it('has failed when the provider says so, whatever follows', () => {
    const meter = metered(
      Buffer.concat([fixture('error-midway.sse'), Buffer.from('data: {"type":"message_stop"}\n\n')]),
      [],
    );
    expect(meter.state).toBe('failed');
    expect(meter.metered()?.lines[0]?.usage).toMatchObject({ input: 10, output: 1 });
    expect(meter.delivered.outputBytes).toBe('Half a sen'.length);
  });

  it('that reports nothing is metered as nothing', () => {
    const meter = metered(
      Buffer.from('event: ping\ndata: {"type":"ping"}\n\nevent: message_start\ndata: {nonsense\n\n'),
      [],
    );
    expect(meter.state).toBe('open');
    expect(meter.metered()).toBeUndefined();
  });

  it('without event names is read by the types in its data', () => {
    const bare = Buffer.from(whole.toString().replaceAll(/^event: .*\n/gm, ''));
    const meter = metered(bare, []);
    expect(meter.metered()).toEqual(call);
    expect(meter.delivered.outputBytes).toBe(outputBytes);
  });

  it('counts a delta too large to read by its size', () => {
    const delta = `event: content_block_delta\ndata: {"delta":{"text":"${'x'.repeat(3_000_000)}"}}\n\n`;
    const bytes = Buffer.from(delta);
    const meter = metered(
      bytes,
      Array.from({ length: 100 }, (_, i) => i * 30_000),
    );
    expect(meter.delivered.outputBytes).toBeGreaterThan(1_900_000);
  });
});
