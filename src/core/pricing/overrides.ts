/**
 * An operator's own prices over the published ones: negotiated rates, and models admitted before their price is known.
 * Overrides are immutable and numbered; a sheet with some of them applied is another sheet, with an id of its own.
 */
import type { ModelPrices, PicoDollars, PricedProvider, PriceSheet } from './sheet.ts';
import { TOKEN_CLASSES, type TokenClass, type ToolUnit } from './usage.ts';

export interface PriceOverride {
  /** 1, 2, 3, … in the order of approval; never used twice. */
  readonly revision: number;
  /** The first day it prices, `YYYY-MM-DD` in UTC. */
  readonly effectiveOn: string;
  readonly approvedBy: string;
  readonly reason: string;
  readonly change: /** These prices instead of any published ones of that model, now and in later sheets. */
    | { readonly kind: 'set'; readonly prices: ModelPrices }
    /** Not priced, and so refused, until another override sets or lifts it. */
    | { readonly kind: 'remove'; readonly model: string }
    /** What is published counts again. */
    | { readonly kind: 'lift'; readonly model: string };
}

/** A model on its launch day: its true price is not known, so the most that it may cost is charged. */
export interface CeilingTerms {
  readonly provider: PricedProvider;
  readonly model: string;
  readonly contextTokensMost: number;
  readonly outputTokensMost: number;
  /** Pico-dollars per token of any input class, cache writes included. */
  readonly inputCeiling: PicoDollars;
  /** Pico-dollars per token of any output class. */
  readonly outputCeiling: PicoDollars;
  /** Pico-dollars per use of any tool. */
  readonly toolCeiling: PicoDollars;
}

/** Prices at a ceiling, one for all tiers, contexts and places, marked until an override without the mark confirms them. */
export function provisionalPrices(terms: CeilingTerms): ModelPrices {
  const { provider, model, contextTokensMost, outputTokensMost, toolCeiling } = terms;
  const perToken: Partial<Record<TokenClass, PicoDollars>> = {};
  for (const each of TOKEN_CLASSES) {
    perToken[each] = each.startsWith('output') ? terms.outputCeiling : terms.inputCeiling;
  }
  const perUse: Readonly<Record<ToolUnit, PicoDollars>> = {
    webSearch: toolCeiling,
    fileSearch: toolCeiling,
    codeExecution: toolCeiling,
    mapsGrounding: toolCeiling,
  };
  return {
    provider,
    model,
    alsoNamed: [],
    contextTokensMost,
    outputTokensMost,
    rates: [{ tier: 'standard', contextAbove: 0, fast: false, geography: 'any', perToken }],
    perUse,
    provisional: true,
  };
}

function positive(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

/** What is wrong with a model's prices, in a sentence for the operator; `undefined` when they can be applied. */
export function pricesProblem(prices: ModelPrices): string | undefined {
  const base = prices.rates.filter((table) => table.tier === 'standard' && table.contextAbove === 0);
  if (!base.some((table) => !table.fast && table.geography === 'any')) return 'standard rates are missing';
  for (const { perToken } of prices.rates) {
    const rates = Object.values(perToken);
    if (perToken.input === undefined || !rates.every(positive)) {
      return 'every rate is a whole number of pico-dollars above zero, and fresh input has one';
    }
  }
  if (!Object.values(prices.perUse).every((each) => Number.isSafeInteger(each) && each >= 0)) {
    return 'a price per use is a whole number of pico-dollars';
  }
  if (!positive(prices.contextTokensMost)) return 'the context window is a whole number of tokens above zero';
  if (!Number.isSafeInteger(prices.outputTokensMost) || prices.outputTokensMost < 0) {
    return 'the longest output is a whole number of tokens';
  }
  return undefined;
}

function namesOf(prices: ModelPrices): readonly string[] {
  return [prices.model, ...prices.alsoNamed];
}

/** `models` with `set` in it; the names it takes are taken from whoever had them. */
function withPrices(models: readonly ModelPrices[], set: ModelPrices): readonly ModelPrices[] {
  const taken = new Set(namesOf(set));
  const kept = models
    .filter((each) => !taken.has(each.model))
    .map((each) =>
      each.alsoNamed.some((name) => taken.has(name))
        ? { ...each, alsoNamed: each.alsoNamed.filter((name) => !taken.has(name)) }
        : each,
    );
  return [...kept, set];
}

/**
 * The sheet with overrides applied in the order of their revisions: a later one of the same model replaces an earlier
 * one. Its id names the last of them (`2026-11-23+2`), so that a charge says by which prices it was made; with none it
 * is the published sheet itself. What is charged already never changes: it carries the id of its own sheet.
 *
 * @throws RangeError when prices cannot be applied (`pricesProblem`) or a revision is used twice.
 */
export function applyOverrides(published: PriceSheet, overrides: readonly PriceOverride[]): PriceSheet {
  const ordered = [...overrides].sort((a, b) => a.revision - b.revision);
  let models = published.models;
  let last = 0;
  for (const { revision, change } of ordered) {
    if (revision === last) throw new RangeError(`override ${revision} is there twice`);
    last = revision;
    if (change.kind === 'set') {
      const problem = pricesProblem(change.prices);
      if (problem) throw new RangeError(`override ${revision}: ${problem}`);
      models = withPrices(models, change.prices);
    } else {
      const before = published.models.find((each) => each.model === change.model);
      models = models.filter((each) => each.model !== change.model);
      if (change.kind === 'lift' && before) models = withPrices(models, before);
    }
  }
  return last === 0 ? published : { ...published, id: `${published.id}+${last}`, models };
}

/**
 * The sheet that prices a day: the last published one that is effective by then, with the overrides that are.
 *
 * @param on `YYYY-MM-DD` in UTC; before the first sheet, the first one prices.
 * @throws RangeError when nothing is published.
 */
export function sheetInForce(
  sheets: readonly PriceSheet[],
  overrides: readonly PriceOverride[],
  on: string,
): PriceSheet {
  const [first, ...rest] = [...sheets].sort((a, b) => (a.effectiveOn < b.effectiveOn ? -1 : 1));
  if (!first) throw new RangeError('no price sheet is published');
  const published = rest.reduce((sheet, each) => (each.effectiveOn <= on ? each : sheet), first);
  return applyOverrides(
    published,
    overrides.filter((each) => each.effectiveOn <= on),
  );
}
