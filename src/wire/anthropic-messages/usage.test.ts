import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../../core/pricing/usage.ts';
import { laterUsage, meteredCall } from './usage.ts';

const linesOf = (usage: Record<string, unknown>, stopReason?: string) =>
  meteredCall({ model: 'claude-x', usage, ...(stopReason && { stopReason }) }).lines;
const usageOf = (usage: Record<string, unknown>) => linesOf(usage)[0]?.usage;

describe("an answer's usage", () => {
  it('is disjoint: fresh input, cache reads and both cache writes beside one another', () => {
    const [line, ...others] = linesOf({
      input_tokens: 2,
      cache_creation_input_tokens: 421,
      cache_read_input_tokens: 26_383,
      cache_creation: { ephemeral_5m_input_tokens: 21, ephemeral_1h_input_tokens: 400 },
      output_tokens: 57,
    });
    expect(others).toEqual([]);
    expect(line?.usage).toEqual({
      ...NO_USAGE,
      input: 2,
      cacheRead: 26_383,
      cacheWrite5m: 21,
      cacheWrite1h: 400,
      output: 57,
    });
    expect(line?.contextTokens).toBe(2 + 26_383 + 421);
  });

  it('takes what a cache-write total has beyond its split as five minutes', () =>
    expect(
      usageOf({
        cache_creation_input_tokens: 3_337,
        cache_creation: { ephemeral_5m_input_tokens: 3_000, ephemeral_1h_input_tokens: 68 },
      }),
    ).toMatchObject({ cacheWrite5m: 3_269, cacheWrite1h: 68 }));

  it('takes the split where there is no total', () =>
    expect(usageOf({ cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 4 } })).toMatchObject({
      cacheWrite5m: 3,
      cacheWrite1h: 4,
    }));

  it('never counts more written than the total, when that has shrunk below an earlier split', () =>
    expect(
      usageOf({
        cache_creation_input_tokens: 5,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 9 },
      }),
    ).toMatchObject({ cacheWrite5m: 0, cacheWrite1h: 5 }));

  it('counts nothing for what is no count', () =>
    expect(usageOf({ input_tokens: -1, output_tokens: '7', cache_read_input_tokens: 1.5 })).toEqual(NO_USAGE));

  it('names a line for each invocation, and what the totals have beyond those they cover', () => {
    const answer = JSON.parse(readFileSync(`${import.meta.dirname}/fixtures/iterations.json`, 'utf8'));
    const call = meteredCall({ model: answer.model, usage: answer.usage });
    expect(call.serviceTier).toBe('priority');
    expect(
      call.lines.map(({ model, usage, contextTokens }) => [model, usage.input, usage.output, contextTokens]),
    ).toEqual([
      ['claude-sonnet-5', 900, 40, 950],
      ['claude-sonnet-5', 100, 10, 100],
      ['claude-opus-5', 500, 70, 500],
      ['claude-sonnet-5', 195, 80, 195],
      ['claude-sonnet-5', 5, 0, 5],
    ]);
    expect(call.lines[0]?.usage).toMatchObject({ cacheWrite5m: 20, cacheWrite1h: 30 });
    expect(call.lines.map(({ usage }) => usage.reasoning)).toEqual([0, 0, 0, 25, 0]);
  });

  it('marks an attempt that was declined before it said anything', () => {
    const declined = { type: 'message', input_tokens: 408, output_tokens: 0 };
    const served = { type: 'fallback_message', model: 'claude-opus-4-8', input_tokens: 412, output_tokens: 264 };
    const lines = linesOf({ input_tokens: 412, output_tokens: 264, iterations: [declined, served] });
    expect(lines.map(({ model, refused }) => [model, refused])).toEqual([
      ['claude-x', true],
      ['claude-opus-4-8', undefined],
    ]);
    expect(linesOf({ input_tokens: 9, output_tokens: 0 }, 'refusal')[0]?.refused).toBe(true);
    expect(linesOf({ input_tokens: 9, output_tokens: 1 }, 'refusal')[0]?.refused).toBeUndefined();
    expect(linesOf({ input_tokens: 9, output_tokens: 0 }, 'end_turn')[0]?.refused).toBeUndefined();
    const both = linesOf(
      { input_tokens: 9, output_tokens: 0, iterations: [declined, { ...served, output_tokens: 0 }] },
      'refusal',
    );
    expect(both.map(({ refused }) => refused)).toEqual([true, true]);
  });

  it('bills a compaction before a fallback, though it may have put out nothing', () => {
    const compaction = { type: 'compaction', input_tokens: 900, output_tokens: 0 };
    const served = { type: 'fallback_message', model: 'claude-opus-4-8', input_tokens: 412, output_tokens: 264 };
    expect(linesOf({ iterations: [compaction, served] })[0]).not.toHaveProperty('refused');
  });

  it('bills an attempt that said something before its fallback', () => {
    const lines = linesOf({
      iterations: [
        { type: 'message', input_tokens: 408, output_tokens: 3 },
        { type: 'fallback_message', model: 'claude-opus-4-8', input_tokens: 412, output_tokens: 264 },
      ],
    });
    expect(lines.map(({ refused }) => refused)).toEqual([undefined, undefined]);
  });

  it('tells searches, tier, speed and a geography that costs more', () => {
    const usage = {
      server_tool_use: { web_search_requests: 3, web_fetch_requests: 9 },
      service_tier: 'standard',
      speed: 'fast',
      inference_geo: 'us',
    };
    expect(meteredCall({ model: 'm', usage })).toMatchObject({
      toolUses: { webSearch: 3 },
      serviceTier: 'standard',
      fast: true,
      geography: 'us',
    });
    const plain = meteredCall({
      model: 'm',
      usage: { inference_geo: 'global', speed: 'standard', service_tier: null },
    });
    expect(Object.keys(plain)).toEqual(['lines', 'toolUses']);
  });
});

describe('a later report', () => {
  it('replaces each count it has, down as well as up, and leaves those that are null', () =>
    expect(laterUsage({ input_tokens: 60_385, output_tokens: 1 }, { input_tokens: 612, output_tokens: null })).toEqual({
      input_tokens: 612,
      output_tokens: 1,
    }));
});
