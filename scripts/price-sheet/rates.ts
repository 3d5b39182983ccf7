/** Arithmetic on rate tables while a sheet is generated: exact, in whole pico-dollars per token. */
import type { ModelPrices, PicoDollars, RateTable } from '../../src/core/pricing/sheet.ts';
import { TOKEN_CLASSES, type TokenClass } from '../../src/core/pricing/usage.ts';

export type PerToken = Partial<Record<TokenClass, PicoDollars>>;

/** Dollars per million tokens, as price lists print them, in pico-dollars per token. */
export function perMillion(dollars: number): PicoDollars {
  return whole(dollars * 1e6, `$${dollars} per million`);
}

/** Dollars for one thing, in pico-dollars. */
export function each(dollars: number): PicoDollars {
  return whole(dollars * 1e12, `$${dollars}`);
}

/** The whole number that a decimal read as a float stands for; anything further from one than a float's error is wrong. */
export function whole(value: number, what: string): number {
  const rounded = Math.round(value);
  if (!Number.isSafeInteger(rounded) || Math.abs(value - rounded) > 1e-6 * Math.max(1, rounded)) {
    throw new Error(`${what} is no whole number of pico-dollars: ${value}`);
  }
  return rounded;
}

/** `rates` times a ratio, rounded up where it is not exact. */
export function scaled(rates: PerToken, times: number, per = 1): PerToken {
  const result: PerToken = {};
  for (const tokenClass of TOKEN_CLASSES) {
    const rate = rates[tokenClass];
    if (rate !== undefined) result[tokenClass] = Math.ceil((rate * times) / per);
  }
  return result;
}

/** The same classes in the order of TOKEN_CLASSES, so that generated files differ only where prices do. */
export function ordered(rates: PerToken): PerToken {
  return scaled(rates, 1);
}

export function sameRates(a: readonly RateTable[], b: readonly RateTable[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A model's tables with the rates of some of them multiplied. */
export function withRates(model: ModelPrices, change: (table: RateTable) => PerToken): ModelPrices {
  return { ...model, rates: model.rates.map((table) => ({ ...table, perToken: ordered(change(table)) })) };
}

const PREMIUM = new Set(['priority', 'ultrafast']);

/** What a class costs above a threshold: as listed, else raised as far as the standard rates are. */
function longRates(base: PerToken, long: PerToken, tierBase: PerToken, listed: PerToken): PerToken {
  const perToken: PerToken = {};
  const input = base.input ?? 1;
  for (const tokenClass of TOKEN_CLASSES) {
    const [short, tierShort] = [base[tokenClass], tierBase[tokenClass]];
    if (!short || tierShort === undefined) continue;
    const standard = long[tokenClass] ?? Math.ceil((short * (long.input ?? input)) / input);
    perToken[tokenClass] = listed[tokenClass] ?? Math.ceil((standard * tierShort) / short);
  }
  return perToken;
}

/**
 * Fills in what price lists leave out, never cheaper than what the provider bills: a class that a discount tier does not
 * list keeps its standard rate, one that a premium tier or a long context does not list rises as fresh input does; and
 * where a tier has no long-context rates, they rise over its own base as the standard ones do over theirs.
 */
export function completed(tables: readonly RateTable[]): readonly RateTable[] {
  const listedFor = (tier: string, above: number): RateTable | undefined =>
    tables.find((table) => table.tier === tier && table.contextAbove === above);
  const base = listedFor('standard', 0)?.perToken;
  const input = base?.input;
  if (!base || !input) throw new Error('no standard rate of fresh input');
  const long = tables.filter((table) => table.tier === 'standard' && table.contextAbove > 0);
  const result: RateTable[] = [];
  for (const tier of ['standard', 'priority', 'flex', 'batch', 'ultrafast'] as const) {
    const listed = listedFor(tier, 0);
    if (!listed) continue;
    const rise = PREMIUM.has(tier) ? (listed.perToken.input ?? input) : input;
    const tierBase = { ...scaled(base, rise, input), ...listed.perToken };
    result.push({ ...listed, perToken: tierBase });
    for (const each of long) {
      const own = listedFor(tier, each.contextAbove)?.perToken ?? {};
      result.push({ ...each, tier, perToken: longRates(base, each.perToken, tierBase, own) });
    }
  }
  return result;
}
