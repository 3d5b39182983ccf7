import { describe, expect, it } from 'vitest';
import { pricesProblem, sheetInForce } from './overrides.ts';
import { PUBLISHED_SHEETS, readPriceDocument } from './published.ts';
import { rateOf, selectRates } from './rates.ts';
import { findModel, type PriceSheet } from './sheet.ts';
import { TOKEN_CLASSES, TOOL_UNITS } from './usage.ts';

describe.each(PUBLISHED_SHEETS.map((sheet): [string, PriceSheet] => [sheet.id, sheet]))(
  'the sheet of %s',
  (_, sheet) => {
    it('gives no name to two models', () => {
      const names = sheet.models.flatMap((each) => [each.model, ...each.alsoNamed]);
      expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    });

    it('has prices that an operator could apply, every one of them', () => {
      expect(sheet.models.flatMap((each) => pricesProblem(each) ?? [])).toEqual([]);
    });

    it('has no two tables for the same case', () => {
      for (const { model, rates } of sheet.models) {
        const cases = rates.map((table) => `${table.tier} ${table.contextAbove} ${table.fast} ${table.geography}`);
        expect(new Set(cases).size, model).toBe(rates.length);
      }
    });

    // What `upperBound` rests on: it takes the dearest of the tiers that a setting can raise a request to.
    it('sells no discount above the standard price, and no premium, long context, speed or place below it', () => {
      for (const model of sheet.models) {
        for (const table of model.rates) {
          const { tier, fast, geography, contextAbove } = table;
          const at = { fast, geography, contextTokens: contextAbove + 1 };
          const standard = selectRates(model, { ...at, tier: 'standard' });
          const short = selectRates(model, { ...at, tier, contextTokens: 0 });
          const plain = selectRates(model, { tier, fast: false, geography: 'any', contextTokens: contextAbove + 1 });
          for (const each of TOKEN_CLASSES) {
            const rate = rateOf(table, each);
            const what = `${model.model} ${tier} ${contextAbove} ${each}`;
            if (tier === 'flex' || tier === 'batch') expect(rate, what).toBeLessThanOrEqual(rateOf(standard, each));
            else expect(rate, what).toBeGreaterThanOrEqual(rateOf(standard, each));
            expect(rate, what).toBeGreaterThanOrEqual(rateOf(short, each));
            expect(rate, what).toBeGreaterThanOrEqual(rateOf(plain, each));
          }
        }
      }
    });

    it('has a long-context rate in every tier, speed and place where it has one in any', () => {
      for (const { model, rates } of sheet.models) {
        const of = (above: number) =>
          rates
            .filter((table) => table.contextAbove === above)
            .map((table) => `${table.tier} ${table.fast} ${table.geography}`);
        for (const above of new Set(rates.map((table) => table.contextAbove))) expect(of(above), model).toEqual(of(0));
      }
    });

    it('prices every kind of tool somewhere, so that none is ever free for want of a price', () => {
      for (const unit of TOOL_UNITS) expect(sheet.models.some((each) => (each.perUse[unit] ?? 0) > 0)).toBe(true);
    });
  },
);

describe('published prices', () => {
  it.each([
    ['2026-11-30', 'gemini-4-argon', 'standard', 2_000_000],
    ['2026-12-01', 'gemini-4-argon', 'standard', 4_000_000],
    ['2026-12-31', 'gemini-3.8-flash', 'batch', 375_000],
    ['2027-01-01', 'gemini-flash-latest', 'batch', 750_000],
    ['2027-02-28', 'gpt-6.2-sol', 'ultrafast', 6_000_000],
    ['2027-03-01', 'gpt-6.2-sol', 'ultrafast', 12_000_000],
    ['2027-03-01', 'gpt-6.2-sol', 'standard', 2_000_000],
    ['2027-03-01', 'gemini-4-argon', 'standard', 4_000_000],
  ] as const)('on %s: %s, %s, costs %d pico-dollars a token', (on, model, tier, input) => {
    const prices = findModel(sheetInForce(PUBLISHED_SHEETS, [], on), model);
    expect(prices?.rates.find((table) => table.tier === tier)?.perToken.input).toBe(input);
  });

  it.each([
    ['claude-opus-4-6', { fast: true }, 30_000_000],
    ['claude-opus-5-5', { fast: true }, 8_000_000],
    ['claude-fable-5-2', { fast: true }, 16_000_000],
    ['claude-sonnet-5', { geography: 'us' }, 2_200_000],
    ['claude-sonnet-4-5', { geography: 'us' }, 3_000_000],
    ['claude-opus-4-8', { tier: 'batch' }, 2_500_000],
    ['gpt-5.5', { tier: 'priority' }, 12_500_000],
    ['gpt-5-mini', { tier: 'priority' }, 450_000],
    ['gemini-3.1-pro-preview', { tier: 'priority' }, 3_600_000],
    ['gemini-2.5-pro', { tier: 'flex', contextTokens: 200_001 }, 1_250_000],
  ] as const)('modifiers that no formula gives for all models: %s %j', (model, how, input) => {
    const prices = findModel(sheetInForce(PUBLISHED_SHEETS, [], '2026-11-23'), model);
    if (!prices) throw new Error(model);
    const served = { tier: 'standard', fast: false, geography: 'any', contextTokens: 1, ...how } as const;
    expect(rateOf(selectRates(prices, served), 'input')).toBe(input);
  });

  it.each([
    ['no object', 7, /document/],
    ['no day', { effectiveOn: 'soon' }, /effectiveOn/],
    ['a model without rates', { effectiveOn: '2026-01-01', models: [{ model: 'a', provider: 'openai' }] }, /^a\./],
  ])('are not read from %s', (_, document, where) => {
    expect(() => readPriceDocument(document)).toThrow(where);
  });
});
