/**
 * The published sheet beside `@pydantic/genai-prices`, for every model that both list and random usage, where that
 * library can be right: exact ids, the standard tier, no modifiers. It is a development-time check only: at run time it
 * would price by prefix, in floats, and without tiers.
 */
import { calcPrice, findProvider } from '@pydantic/genai-prices';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceCall } from './price.ts';
import { PUBLISHED_SHEETS } from './published.ts';
import type { ModelPrices, PriceSheet } from './sheet.ts';
import { NO_USAGE, type TokenUsage } from './usage.ts';

const PROVIDERS = { anthropic: 'anthropic', openai: 'openai', gemini: 'google' } as const;
const COMPARED = ['input', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'output'] as const;
type Compared = (typeof COMPARED)[number];

const NO_LONG_WRITE = { tokenClass: 'cacheWrite1h', why: 'lists no 12-hour cache write, and prices it as a short one' };
const NO_CACHED = { tokenClass: 'cacheRead', why: 'lists no cached rate, and prices it as fresh input' };

/** Where the library (0.1.8) is wrong or knows less. Each entry is checked to be needed still. */
const KNOWN_ERRORS: Readonly<Record<string, { readonly tokenClass: string; readonly why: string }>> = {
  'claude-sonnet-5-5': {
    tokenClass: 'cacheRead',
    why: 'is priced by prefix as claude-sonnet-5, twice the cached rate',
  },
  'gpt-5.6-luna': NO_LONG_WRITE,
  'gpt-5.6-sol': NO_LONG_WRITE,
  'gpt-5.6-terra': NO_LONG_WRITE,
  'gpt-6-astra': NO_LONG_WRITE,
  'gpt-6-luna': NO_LONG_WRITE,
  'gpt-6-sol': NO_LONG_WRITE,
  'gpt-4o-search-preview': NO_CACHED,
  'gemini-2.5-flash-image': NO_CACHED,
  'gemini-2.5-pro-preview-tts': NO_CACHED,
};

const sheet: PriceSheet = { id: 'test', effectiveOn: '2026-11-23', models: PUBLISHED_SHEETS[0]?.models ?? [] };
const timestamp = new Date('2026-11-23T00:00:00Z');

function isListedThere({ provider, model }: ModelPrices): boolean {
  const providerId = PROVIDERS[provider];
  const priced = calcPrice({ input_tokens: 1 }, model, { providerId, timestamp });
  return priced !== null && findProvider({ providerId })?.models.includes(priced.model) === true;
}

/** What both ask for a usage, in dollars. */
function bothPrices({ provider, model }: ModelPrices, used: Partial<TokenUsage>): { ours: number; theirs: number } {
  const usage = { ...NO_USAGE, ...used };
  const { input, cacheRead, cacheWrite5m, cacheWrite1h, output } = usage;
  const contextTokens = input + cacheRead + cacheWrite5m + cacheWrite1h;
  const ours = priceCall({ lines: [{ model, usage, contextTokens }], toolUses: {} }, sheet);
  const theirs = calcPrice(
    {
      input_tokens: contextTokens,
      cache_read_tokens: cacheRead,
      cache_write_tokens: cacheWrite5m + cacheWrite1h,
      cache_write_1h_tokens: cacheWrite1h,
      output_tokens: output,
    },
    model,
    { providerId: PROVIDERS[provider], timestamp },
  );
  return { ours: Number(ours.picoDollars) / 1e12, theirs: theirs?.total_price ?? Number.NaN };
}

describe('the published sheet and genai-prices', () => {
  const compared = sheet.models.filter(isListedThere);

  it('have most models in common', () => {
    expect(compared.length).toBeGreaterThan(sheet.models.length / 2);
  });

  it.each(compared.map((each): [string, ModelPrices] => [each.model, each]))('agree on %s', (name, model) => {
    const classes = COMPARED.filter(
      (each) => model.rates[0]?.perToken[each] !== undefined && KNOWN_ERRORS[name]?.tokenClass !== each,
    );
    const shape: Partial<Record<Compared, fc.Arbitrary<number>>> = {};
    for (const each of classes) shape[each] = fc.nat(300_000);
    fc.assert(
      fc.property(fc.record(shape), (used) => {
        const { ours, theirs } = bothPrices(model, used);
        expect(ours).toBeCloseTo(theirs, 9);
      }),
    );
  });

  it.each(Object.entries(KNOWN_ERRORS))('differ on %s still: %o', (name, { tokenClass }) => {
    const model = compared.find((each) => each.model === name);
    if (!model) throw new Error(`${name} is not compared any more`);
    const { ours, theirs } = bothPrices(model, { [tokenClass]: 1_000 });
    expect(ours).not.toBeCloseTo(theirs, 9);
  });

  it('differ at exactly 272,000 tokens of older models, where theirs starts the long-context price one token early', () => {
    const model = compared.find((each) => each.model === 'gpt-5.4');
    if (!model) throw new Error('gpt-5.4 is not compared any more');
    expect(bothPrices(model, { input: 272_000 })).toEqual({ ours: 0.68, theirs: 1.36 });
    expect(bothPrices(model, { input: 272_001 })).toEqual({ ours: 1.360005, theirs: 1.360005 });
  });
});
