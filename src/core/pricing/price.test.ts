import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDollars } from '../money/amount.ts';
import { type Asked, priceCall } from './price.ts';
import { PUBLISHED_SHEETS } from './published.ts';
import type { ModelPrices, PriceSheet } from './sheet.ts';
import { type MeteredCall, NO_USAGE, type TokenUsage, type UsageLine } from './usage.ts';

const sheet: PriceSheet = { id: 'test', effectiveOn: '2026-11-23', models: PUBLISHED_SHEETS[0]?.models ?? [] };

/** A line whose context is its whole input, as in any call of one invocation. */
function line(model: string, used: Partial<TokenUsage>): UsageLine {
  const usage = { ...NO_USAGE, ...used };
  const { input, inputAudio, inputImage, cacheRead, cacheWrite5m, cacheWrite1h } = usage;
  return { model, usage, contextTokens: input + inputAudio + inputImage + cacheRead + cacheWrite5m + cacheWrite1h };
}

function dollars(call: Partial<MeteredCall> & Pick<MeteredCall, 'lines'>, asked?: Asked, on: PriceSheet = sheet) {
  return formatDollars(priceCall({ toolUses: {}, ...call }, on, asked).amount);
}

const MILLION = 1_000_000;

const anyUsage = fc.record({
  input: fc.nat(300_000),
  inputAudio: fc.nat(1_000),
  inputImage: fc.nat(1_000),
  cacheRead: fc.nat(300_000),
  cacheWrite5m: fc.nat(10_000),
  cacheWrite1h: fc.nat(10_000),
  output: fc.nat(128_000),
  outputAudio: fc.nat(1_000),
  outputImage: fc.nat(1_000),
  reasoning: fc.nat(1_000),
});

const anyCall: fc.Arbitrary<MeteredCall> = fc.record({
  lines: fc.array(
    fc
      .record({ model: fc.constantFrom(...sheet.models.map((each) => each.model)), usage: anyUsage })
      .map(({ model, usage }) => line(model, usage)),
    { minLength: 1, maxLength: 4 },
  ),
  toolUses: fc.record({ webSearch: fc.nat(9) }),
  serviceTier: fc.constantFrom('standard', 'priority', 'flex', 'batch', 'ultrafast'),
  fast: fc.boolean(),
});

describe('a call costs', () => {
  it.each<[string, string, Partial<TokenUsage>, string]>([
    [
      'fresh, read, written for 5 minutes',
      'claude-sonnet-4-5',
      { input: 1_000, cacheRead: 8_000, cacheWrite5m: 1_000, output: 500 },
      '0.01665',
    ],
    [
      'the same written for an hour',
      'claude-sonnet-4-5',
      { input: 1_000, cacheRead: 8_000, cacheWrite1h: 1_000, output: 500 },
      '0.0189',
    ],
    [
      'what Claude Code was billed',
      'claude-opus-5',
      { input: 2, cacheWrite1h: 421, cacheRead: 26_383, output: 57 },
      '0.0188365',
    ],
    ['cached input at its own price', 'gpt-5', { input: 2_000, cacheRead: 8_000, output: 1_000 }, '0.0135'],
    ['all of it at the long-context price', 'gemini-2.5-pro', { input: 250_000, output: 1_000 }, '0.64'],
    ['a small cached read', 'claude-fable-5-1', { cacheRead: 1 }, '0.00000025'],
    ['the tiniest call at least a nano-dollar', 'gpt-6-luna', { cacheRead: 1 }, '0.00000001'],
    ['reasoning inside output, once', 'gpt-5', { output: 1_000, reasoning: 900 }, '0.01'],
    ['an embedding', 'text-embedding-3-small', { input: 1 }, '0.00000002'],
  ])('%s: %s', (_, model, usage, cost) => expect(dollars({ lines: [line(model, usage)] })).toBe(cost));

  it.each<[string, Partial<TokenUsage>, string]>([
    ['claude-opus-4-5', { input: MILLION }, '5.00'],
    ['claude-opus-4-5', { output: MILLION }, '25.00'],
    ['claude-haiku-4-5', { input: 100_000, output: 100_000 }, '0.60'],
    ['gpt-5', { input: 100_000, output: 100_000 }, '1.125'],
    ['gpt-5.2', { input: 100_000, output: 100_000 }, '1.575'],
    ['gpt-5.4', { input: 100_000, output: 100_000 }, '1.75'],
    ['gemini-2.5-pro', { input: 100_000, output: 100_000 }, '1.125'],
  ])('what its provider publishes: %s %j', (model, usage, cost) => {
    expect(dollars({ lines: [line(model, usage)] })).toBe(cost);
  });

  // Failure 4: the tier test uses total input, and the whole request costs the higher rate, but only above it.
  it.each<[string, Partial<TokenUsage>, string]>([
    ['gpt-5.4', { input: 272_000 }, '0.68'],
    ['gpt-5.4', { input: 272_001 }, '1.360005'],
    ['gpt-5.4', { input: 1, cacheRead: 272_000, output: 1_000 }, '0.158505'],
    ['claude-sonnet-4-5', { input: 200_001, output: 1_000 }, '1.222506'],
    ['claude-haiku-5-5', { input: 100_000 }, '0.01'],
    ['claude-haiku-5-5', { input: 1, cacheRead: 100_000 }, '0.0050005'],
    ['gemini-2.5-pro', { input: 200_000 }, '0.25'],
  ])('the long-context rate above its threshold and not at it: %s %j', (model, usage, cost) => {
    expect(dollars({ lines: [line(model, usage)] })).toBe(cost);
  });

  it('the same whatever the order of a sheet’s tables', () => {
    const turned = { ...sheet, models: sheet.models.map((each) => ({ ...each, rates: [...each.rates].reverse() })) };
    fc.assert(
      fc.property(anyCall, (call) => {
        expect(priceCall(call, turned).picoDollars).toBe(priceCall(call, sheet).picoDollars);
      }),
    );
  });

  it('the long-context rate of each invocation by itself, not of their sum', () => {
    const half = line('gpt-5.4', { input: 200_000 });
    expect(dollars({ lines: [half, half] })).toBe('1.00');
  });

  // Failure 24: the tier that served counts, whatever was asked for.
  it.each<[MeteredCall['serviceTier'], Asked['serviceTier'], string]>([
    ['standard', 'flex', '1.25'],
    ['flex', 'priority', '0.625'],
    ['batch', undefined, '0.625'],
    ['priority', 'standard', '2.50'],
    ['ultrafast', undefined, '2.50'],
    [undefined, 'flex', '0.625'],
    [undefined, undefined, '1.25'],
  ])('the tier of the answer %s, else the one that was pinned: %s', (served, pinned, cost) => {
    const asked = pinned ? { model: 'gpt-5', serviceTier: pinned } : { model: 'gpt-5' };
    const call = { lines: [line('gpt-5', { input: MILLION })], ...(served ? { serviceTier: served } : {}) };
    expect(dollars(call, asked)).toBe(cost);
  });

  it.each<[string, Partial<MeteredCall>, string]>([
    ['standard', {}, '20.00'],
    ['six times that, ultrafast', { serviceTier: 'ultrafast' }, '120.00'],
    ['half of it, flex', { serviceTier: 'flex' }, '10.00'],
  ])('tier and long context together: %s', (_, how, cost) => {
    expect(dollars({ lines: [line('gpt-6-astra', { input: MILLION })], ...how })).toBe(cost);
  });

  it.each<[Partial<MeteredCall>, string]>([
    [{}, '5.00'],
    [{ geography: 'us' }, '5.50'],
    [{ fast: true }, '10.00'],
    [{ fast: true, geography: 'us' }, '11.00'],
    [{ serviceTier: 'batch', geography: 'us' }, '2.75'],
    [{ serviceTier: 'priority' }, '5.00'],
  ])('speed and geography, stacked: %j', (how, cost) => {
    expect(dollars({ lines: [line('claude-opus-5', { input: MILLION })], ...how })).toBe(cost);
  });

  it('its tools beside its tokens, at the price of the model that was asked for', () => {
    expect(dollars({ lines: [line('claude-sonnet-5', { output: 1 })], toolUses: { webSearch: 3 } })).toBe('0.03001');
    const calls = { lines: [line('gpt-5', {})], toolUses: { fileSearch: 2, webSearch: 1, codeExecution: 1 } };
    expect(dollars(calls, { model: 'gpt-5' })).toBe('0.045');
    expect(dollars({ lines: [line('gemini-2.5-pro', {})], toolUses: { codeExecution: 9 } })).toBe('0.00');
  });

  it('each line at its own model: advisors and fallbacks are not the model that was asked for', () => {
    const lines = [line('claude-sonnet-5', { input: MILLION }), line('claude-opus-4-8', { input: MILLION })];
    expect(dollars({ lines }, { model: 'claude-sonnet-5' })).toBe('7.00');
  });

  it('nothing for a line that Anthropic declined before it generated anything, and for no other', () => {
    const declined = { ...line('claude-fable-5', { input: 408 }), refused: true } as const;
    expect(dollars({ lines: [declined, line('claude-opus-4-8', { input: 412, output: 264 })] })).toBe('0.00866');
    expect(dollars({ lines: [line('claude-fable-5', { input: 408 })] })).toBe('0.00408');
    expect(dollars({ lines: [{ ...declined, usage: { ...declined.usage, output: 1 } }] })).toBe('0.00413');
    expect(dollars({ lines: [{ ...declined, model: 'gpt-5' }] })).toBe('0.00051');
  });
});

describe('a class without a rate', () => {
  const odd: ModelPrices = {
    provider: 'openai',
    model: 'odd',
    alsoNamed: [],
    contextTokensMost: 1_000,
    outputTokensMost: 1_000,
    rates: [{ tier: 'standard', contextAbove: 0, fast: false, geography: 'any', perToken: { input: 7_000 } }],
    perUse: {},
  };
  const own: PriceSheet = { id: 'own', effectiveOn: '2026-01-01', models: [odd] };

  it.each(['inputAudio', 'inputImage', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'output', 'outputAudio'] as const)(
    'is charged as the class it is comparable to, never nothing: %s',
    (tokenClass) => expect(dollars({ lines: [line('odd', { [tokenClass]: 1 })] }, undefined, own)).toBe('0.000000007'),
  );

  it('is charged the long cache write rather than the short one where only the short has a rate, and so back', () => {
    const written = (perToken: object) => ({
      ...own,
      models: [{ ...odd, rates: odd.rates.map((table) => ({ ...table, perToken: { input: 7_000, ...perToken } })) }],
    });
    const cost = (used: Partial<TokenUsage>, on: PriceSheet) => dollars({ lines: [line('odd', used)] }, undefined, on);
    expect(cost({ cacheWrite1h: 1 }, written({ cacheWrite5m: 9_000 }))).toBe('0.000000009');
    expect(cost({ cacheWrite5m: 1 }, written({ cacheWrite1h: 14_000 }))).toBe('0.000000014');
  });

  it('of a tool is charged the most that it costs on any model of the provider', () => {
    const on = { ...own, models: [odd, { ...odd, model: 'other', perUse: { webSearch: 5_000 } }] };
    expect(dollars({ lines: [line('odd', {})], toolUses: { webSearch: 2 } }, { model: 'odd' }, on)).toBe('0.00000001');
    expect(dollars({ lines: [line('claude-opus-5', {})], toolUses: { fileSearch: 1 } })).toBe('0.0025');
  });
});

describe('a model that the sheet does not list', () => {
  const asked = { model: 'claude-haiku-4-5' };

  it('is the model that was asked for when it is the only one in the answer', () => {
    expect(dollars({ lines: [line('claude-haiku-4-5-eu', { input: MILLION })] }, asked)).toBe('1.00');
  });

  it('is the model that was asked for when it is a snapshot of it', () => {
    const lines = [line('claude-haiku-4-5', { input: 1 }), line('claude-haiku-4-5-20270101', { input: MILLION })];
    expect(dollars({ lines }, asked)).toBe('1.000001');
  });

  it('is the dearest of the provider for that usage otherwise, and never free', () => {
    const lines = [line('claude-haiku-4-5', { input: 1 }), line('claude-opus-9', { input: 100_000 })];
    expect(dollars({ lines }, asked)).toBe('1.500001');
    expect(dollars({ lines: [line('nobody-9', { output: 1 })] })).not.toBe('0.00');
  });
});

describe('the sum', () => {
  it('is rounded up once, however a call is divided into lines', () => {
    const third = line('gpt-5-nano', { cacheRead: 1 });
    expect(priceCall({ lines: [third, third, third], toolUses: {} }, sheet).picoDollars).toBe(15_000n);
    const half = line('claude-haiku-5-5', { cacheWrite5m: 1 });
    expect(dollars({ lines: [half, half], serviceTier: 'batch' })).toBe('0.000000125');
    expect(dollars({ lines: [half], serviceTier: 'batch' })).toBe('0.000000063');
  });

  it('is the same in any order of lines', () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        const asked = { model: 'gpt-5' };
        const backwards = { ...call, lines: [...call.lines].reverse() };
        expect(priceCall(backwards, sheet, asked).picoDollars).toBe(priceCall(call, sheet, asked).picoDollars);
      }),
    );
  });

  it('is never less for more of anything, and above zero for any used token', () => {
    fc.assert(
      fc.property(anyCall, fc.constantFrom('input', 'cacheRead', 'output', 'outputImage'), (call, more) => {
        const grown = {
          ...call,
          lines: call.lines.map((each) => ({ ...each, usage: { ...each.usage, [more]: each.usage[more] + 1 } })),
        };
        expect(priceCall(grown, sheet).picoDollars).toBeGreaterThan(priceCall(call, sheet).picoDollars);
      }),
    );
  });
});
