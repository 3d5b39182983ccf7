/** Every recorded answer meters to what it reports, however it is cut, and its request's bound is not below that. */
import { describe, expect, it } from 'vitest';
import { addUsage, type MeteredCall, NO_USAGE, type TokenUsage } from '../../src/core/pricing/usage.ts';
import type { Meter } from '../../src/wire/framing/wire.ts';
import { FAMILIES, meterCut } from './families.ts';
import { answerBytes, type ExpectedUsage, hasRecordings, recordedAnswers, requestOf } from './provider-answers.ts';

function expectedTokens(usage: ExpectedUsage): TokenUsage {
  return {
    ...NO_USAGE,
    input: usage.input_uncached,
    cacheRead: usage.cache_read,
    cacheWrite5m: usage.cache_write_5m + usage.cache_write_other,
    cacheWrite1h: usage.cache_write_1h,
    output: usage.output,
    reasoning: usage.reasoning_in_output,
  };
}

/** A call's tokens in the classes of index.json, which does not tell audio and images apart. */
function tokensIn(call: MeteredCall | undefined): TokenUsage | null {
  if (!call) return null;
  const sum = call.lines.reduce((total, { usage }) => addUsage(total, usage), NO_USAGE);
  return {
    ...sum,
    input: sum.input + sum.inputAudio + sum.inputImage,
    inputAudio: 0,
    inputImage: 0,
    output: sum.output + sum.outputAudio + sum.outputImage,
    outputAudio: 0,
    outputImage: 0,
  };
}

/** Up to 8 KB every byte; above, around every blank line and at places from a fixed seed. */
function placesToCut(bytes: Uint8Array): readonly number[] {
  if (bytes.length <= 8_192) return Array.from(bytes, (_, i) => i + 1);
  const places = new Set<number>();
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) {
    if (bytes[at + 1] === 0x0a) for (const near of [0, 1, 2, 3]) places.add(at + near);
  }
  let seed = 20_261_123;
  for (let i = 0; i < 200; i++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    places.add(seed % bytes.length);
  }
  return [...places];
}

const known = recordedAnswers().flatMap((answer) => {
  const family = FAMILIES[answer.family];
  return family ? [{ name: answer.file, answer, family }] : [];
});

if (!hasRecordings)
  console.warn('WARNING: ../shared/data/provider-answers is missing, so no recorded answer was metered.');

describe('recorded answers', () => {
  it('are there, where it counts', () => expect(hasRecordings || !process.env.CI).toBe(true));

  it.each(known)('$name meters to what it reports', ({ answer, family }) => {
    const { usage, by_model, server_tools = {}, complete } = answer.expected;
    const meter = meterCut(answer, family, answerBytes(answer), []);
    const call = meter.metered();
    expect(tokensIn(call)).toEqual(usage && expectedTokens(usage));
    if (usage) expect(call?.lines.some(({ model }) => model === answer.expected.model)).toBe(true);
    if (answer.http_status === 200) expect(meter.state === 'complete').toBe(complete);
    for (const [name, unit] of Object.entries(family.tools))
      expect(call?.toolUses[unit] ?? 0).toBe(server_tools[name] ?? 0);
    if (by_model) {
      const lines = call?.lines.map(({ model, usage: tokens }) => ({ model, tokens: { ...tokens, reasoning: 0 } }));
      expect(lines).toEqual(
        by_model.map((each) => ({ model: each.model, tokens: { ...expectedTokens(each), reasoning: 0 } })),
      );
    }
  });

  it.each(known)('$name meters alike however it is cut', ({ answer, family }) => {
    const bytes = answerBytes(answer);
    const whole = meterCut(answer, family, bytes, []);
    const results = (meter: Meter) => ({ call: meter.metered(), state: meter.state, delivered: meter.delivered });
    for (const at of placesToCut(bytes)) expect(results(meterCut(answer, family, bytes, [at]))).toEqual(results(whole));
    const single = Array.from(bytes, (_, i) => i);
    expect(results(meterCut(answer, family, bytes, single))).toEqual(results(whole));
  });

  const asking = known.flatMap((each) => {
    const request = requestOf(each.answer);
    return request && each.answer.expected.usage ? [{ ...each, request }] : [];
  });

  it.each(asking)('the request of $name bounds the input it became', ({ answer, family, request }) => {
    const { pathname } = new URL(request.uri);
    const [, model = '', action = family.action(answer.stream)] = /\/models\/([^:]+):(\w+)$/.exec(pathname) ?? [];
    const { demand } = family.wire.read(request.body, { model, action, query: '' });
    const usage = answer.expected.usage;
    const input = usage ? usage.input_uncached + usage.cache_read + usage.cache_write_5m + usage.cache_write_1h : 0;
    const bounded = demand !== null && demand.inputTokensMost >= input;
    // What tools the provider runs feed back, and what is not in the bytes, is bounded by the model's window.
    expect(bounded || demand?.inputUnseen || (demand?.serverTools.length ?? 0) > 0).toBe(true);
  });
});
