import { describe, expect, it } from 'vitest';
import { formatDollars } from '../money/amount.ts';
import { applyOverrides, type PriceOverride, pricesProblem, provisionalPrices, sheetInForce } from './overrides.ts';
import { priceCall } from './price.ts';
import { findModel, type ModelPrices, type PriceSheet } from './sheet.ts';
import { NO_USAGE } from './usage.ts';

function prices(model: string, input: number, alsoNamed: readonly string[] = []): ModelPrices {
  return {
    provider: 'openai',
    model,
    alsoNamed,
    contextTokensMost: 1_000_000,
    outputTokensMost: 1_000,
    rates: [
      { tier: 'standard', contextAbove: 0, fast: false, geography: 'any', perToken: { input, output: 8 * input } },
    ],
    perUse: {},
  };
}

const november: PriceSheet = {
  id: '2026-11-23',
  effectiveOn: '2026-11-23',
  models: [prices('a', 1_000, ['a-latest']), prices('b', 2_000)],
};
const december: PriceSheet = {
  id: '2026-12-01',
  effectiveOn: '2026-12-01',
  models: [prices('a', 4_000), prices('b', 2_000)],
};

function override(revision: number, change: PriceOverride['change'], effectiveOn = '2026-11-24'): PriceOverride {
  return { revision, effectiveOn, approvedBy: 'ada@example.com', reason: 'contract 7', change };
}

function inputRate(sheet: PriceSheet, name: string): number | undefined {
  return findModel(sheet, name)?.rates[0]?.perToken.input;
}

describe('a sheet with an override', () => {
  it('is another sheet, named by the last override, and the published one stays as it is', () => {
    const own = applyOverrides(november, [
      override(2, { kind: 'set', prices: prices('a', 600) }),
      override(1, { kind: 'set', prices: prices('a', 700) }),
    ]);
    expect(own.id).toBe('2026-11-23+2');
    expect(inputRate(own, 'a')).toBe(600);
    expect(inputRate(own, 'b')).toBe(2_000);
    expect(inputRate(november, 'a')).toBe(1_000);
    expect(own.models.map((each) => each.model).sort()).toEqual(['a', 'b']);
  });

  it('is the published sheet itself when there is none', () => {
    expect(applyOverrides(november, [])).toBe(november);
  });

  it('takes the names that are set from whoever had them', () => {
    const own = applyOverrides(november, [override(1, { kind: 'set', prices: prices('c', 5, ['a-latest']) })]);
    expect(findModel(own, 'a-latest')?.model).toBe('c');
    expect(findModel(own, 'a')?.alsoNamed).toEqual([]);
  });

  it('refuses a removed model until it is lifted or set again', () => {
    const removal = override(1, { kind: 'remove', model: 'a' });
    expect(findModel(applyOverrides(november, [removal]), 'a-latest')).toBeUndefined();
    const lifted = applyOverrides(november, [removal, override(2, { kind: 'lift', model: 'a' })]);
    expect(findModel(lifted, 'a-latest')).toEqual(findModel(november, 'a'));
    const set = applyOverrides(november, [removal, override(2, { kind: 'set', prices: prices('a', 5) })]);
    expect(inputRate(set, 'a')).toBe(5);
  });

  it.each<[string, Partial<ModelPrices>]>([
    ['no standard rates', { rates: [] }],
    ['a free model', { rates: [{ ...prices('a', 0).rates[0], perToken: { input: 0 } }] as ModelPrices['rates'] }],
    ['a fraction of a pico-dollar', { rates: prices('a', 0.5).rates }],
    [
      'no price of fresh input',
      { rates: prices('a', 1).rates.map((table) => ({ ...table, perToken: { output: 1 } })) },
    ],
    ['a negative price per use', { perUse: { webSearch: -1 } }],
    ['no window', { contextTokensMost: 0 }],
    ['a negative output', { outputTokensMost: -1 }],
  ])('is refused with %s', (_, broken) => {
    const wrong = { ...prices('a', 1), ...broken };
    expect(pricesProblem(wrong)).toMatch(/[a-z]/);
    expect(() => applyOverrides(november, [override(1, { kind: 'set', prices: wrong })])).toThrow(RangeError);
  });

  it('is refused when a revision is there twice', () => {
    const twice = [override(1, { kind: 'remove', model: 'a' }), override(1, { kind: 'lift', model: 'a' })];
    expect(() => applyOverrides(november, twice)).toThrow(/twice/);
  });
});

describe('the sheet in force', () => {
  const negotiated = override(1, { kind: 'set', prices: prices('a', 600) }, '2026-11-25');

  it.each([
    ['2026-01-01', '2026-11-23', 1_000],
    ['2026-11-24', '2026-11-23', 1_000],
    ['2026-11-25', '2026-11-23+1', 600],
    ['2026-11-30', '2026-11-23+1', 600],
    ['2026-12-01', '2026-12-01+1', 600],
  ])('on %s is %s: an override outlives the sheet it was made over', (on, id, rate) => {
    const sheet = sheetInForce([december, november], [negotiated], on);
    expect(sheet.id).toBe(id);
    expect(inputRate(sheet, 'a')).toBe(rate);
  });

  it('changes on the day that a provider announced', () => {
    expect(inputRate(sheetInForce([november, december], [], '2026-11-30'), 'a')).toBe(1_000);
    expect(inputRate(sheetInForce([november, december], [], '2026-12-01'), 'a')).toBe(4_000);
  });

  it('is not there when nothing is published', () => {
    expect(() => sheetInForce([], [], '2026-12-01')).toThrow(RangeError);
  });
});

describe('a model admitted on its launch day', () => {
  const admitted = provisionalPrices({
    provider: 'openai',
    model: 'c',
    contextTokensMost: 1_000,
    outputTokensMost: 100,
    inputCeiling: 20_000_000,
    outputCeiling: 100_000_000,
    toolCeiling: 10_000_000_000,
  });
  const own = applyOverrides(november, [override(1, { kind: 'set', prices: admitted })]);

  it('is charged the ceiling in every class, tier and context', () => {
    const usage = { ...NO_USAGE, input: 1, cacheRead: 1, cacheWrite1h: 1, output: 1 };
    const lines = [{ model: 'c', usage, contextTokens: 900_000 }];
    const call = { lines, toolUses: { mapsGrounding: 1 }, serviceTier: 'ultrafast', fast: true } as const;
    expect(formatDollars(priceCall(call, own).amount)).toBe('0.01016');
  });

  it('is marked until its price is confirmed', () => {
    expect(findModel(own, 'c')?.provisional).toBe(true);
    const confirmed = override(2, { kind: 'set', prices: prices('c', 3) });
    const after = applyOverrides(november, [override(1, { kind: 'set', prices: admitted }), confirmed]);
    expect(findModel(after, 'c')?.provisional).toBeUndefined();
  });
});
