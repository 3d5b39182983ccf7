import { describe, expect, it } from 'vitest';
import type { CallDemand } from './demand.ts';
import { estimateCall } from './estimate.ts';
import { type MeteredCall, NO_USAGE } from './usage.ts';

const demand: CallDemand = {
  model: 'claude-opus-5',
  inputTokensMost: 3_001,
  inputUnseen: false,
  inputMayHoldAudio: false,
  inputMayHoldImages: false,
  cacheWrite: '1h',
  outputLimit: 1_000,
  candidates: 1,
  thinkingBudget: 0,
  outputMayHoldAudio: false,
  outputMayHoldImages: false,
  serviceTier: 'flex',
  fast: true,
  geography: 'us',
  serverTools: [],
  otherModels: [],
};

/** What Anthropic's first event reports: its input, and a placeholder for the output. */
const started: MeteredCall = {
  lines: [
    {
      model: 'claude-opus-5-20260901',
      usage: { ...NO_USAGE, input: 2, cacheRead: 26_383, output: 1 },
      contextTokens: 26_385,
    },
  ],
  toolUses: { webSearch: 1 },
  serviceTier: 'standard',
};

describe('an answer without its usage report', () => {
  it('used its input, counted from the bytes, and what was delivered', () => {
    const used = estimateCall(demand, { outputBytes: 301, mediaBytes: 0 });
    expect(used).toEqual({
      lines: [{ model: 'claude-opus-5', usage: { ...NO_USAGE, input: 1_001, output: 101 }, contextTokens: 1_001 }],
      toolUses: {},
      serviceTier: 'flex',
      fast: true,
      geography: 'us',
    });
  });

  // Failures 16 and 17 of the field: a broken stream is charged nothing, or its input only.
  it('is never charged nothing, and never its input only when output was delivered', () => {
    expect(estimateCall({ ...demand, inputTokensMost: 0 }).lines[0]?.usage.input).toBe(1);
    expect(estimateCall(demand, { outputBytes: 1, mediaBytes: 0 }).lines[0]?.usage.output).toBe(1);
    expect(estimateCall(demand, { outputBytes: 0, mediaBytes: 1 }).lines[0]?.usage.outputImage).toBe(1);
  });

  it('keeps what was reported, and counts output where more was delivered than reported', () => {
    const used = estimateCall(demand, { outputBytes: 300, mediaBytes: 0 }, started);
    expect(used.lines).toEqual([
      { ...started.lines[0], usage: { ...NO_USAGE, input: 2, cacheRead: 26_383, output: 100 } },
    ]);
    expect(used).toMatchObject({ toolUses: { webSearch: 1 }, serviceTier: 'standard' });
  });

  it('is charged what was reported where that is more', () => {
    const reported = {
      ...started,
      lines: started.lines.map((line) => ({ ...line, usage: { ...line.usage, output: 700 } })),
    };
    expect(estimateCall(demand, { outputBytes: 3, mediaBytes: 0 }, reported).lines[0]?.usage.output).toBe(700);
  });

  it('counts delivered output into the last of several lines, and leaves the others as they were reported', () => {
    const first = { model: 'claude-opus-5', usage: { ...NO_USAGE, input: 60_385, output: 592 }, contextTokens: 60_385 };
    const used = estimateCall(
      demand,
      { outputBytes: 900, mediaBytes: 0 },
      { ...started, lines: [first, ...started.lines] },
    );
    expect(used.lines.map((line) => line.usage.output)).toEqual([592, 300]);
  });

  it('used no more output than was asked for', () => {
    const used = estimateCall({ ...demand, candidates: 2 }, { outputBytes: 90_000, mediaBytes: 90_000 });
    expect(used.lines[0]?.usage).toMatchObject({ output: 2_000, outputAudio: 0, outputImage: 0 });
  });

  it('counts media as audio where audio was asked for', () => {
    const used = estimateCall({ ...demand, outputMayHoldAudio: true }, { outputBytes: 30, mediaBytes: 48_000 });
    expect(used.lines[0]?.usage).toMatchObject({ output: 10, outputAudio: 48, outputImage: 0 });
  });
});
