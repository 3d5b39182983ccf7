/** Which rates apply: one table for each model invocation, one rate for each class in it, one price for each tool use. */
import type { ModelPrices, PicoDollars, PriceSheet, RateTable } from './sheet.ts';
import type { ServiceTier, TokenClass, ToolUnit } from './usage.ts';

/** How one invocation was served. */
export interface ServedAs {
  readonly tier: ServiceTier;
  readonly fast: boolean;
  readonly geography: 'any' | 'us';
  /** Total input of the invocation. */
  readonly contextTokens: number;
}

/**
 * Where a model has no rates for a tier, those of the next tier here. Anthropic bills its priority tier at standard
 * rates against a commitment, and providers without a discount for a model serve flex and batch at the standard price;
 * for the rest the dearest tier that is known stands in, never a cheaper one than standard.
 */
const TIER_ELSE: Readonly<Record<ServiceTier, readonly ServiceTier[]>> = {
  standard: ['standard'],
  priority: ['priority', 'standard'],
  ultrafast: ['ultrafast', 'priority', 'standard'],
  flex: ['flex', 'standard'],
  batch: ['batch', 'standard'],
};

/** The classes whose rate a class without one is charged at, the dearest of them. */
const COMPARABLE: Readonly<Record<TokenClass, readonly TokenClass[]>> = {
  input: ['inputAudio', 'inputImage'],
  inputAudio: ['input'],
  inputImage: ['input'],
  cacheRead: ['input'],
  cacheWrite5m: ['input', 'cacheWrite1h'],
  cacheWrite1h: ['input', 'cacheWrite5m'],
  output: ['outputAudio', 'outputImage'],
  outputAudio: ['output'],
  outputImage: ['output'],
};

function preferring(tables: readonly RateTable[], wanted: (table: RateTable) => boolean): readonly RateTable[] {
  const found = tables.filter(wanted);
  return found.length > 0 ? found : tables;
}

function ofTier(tables: readonly RateTable[], tier: ServiceTier): readonly RateTable[] {
  for (const each of TIER_ELSE[tier]) {
    const found = tables.filter((table) => table.tier === each);
    if (found.length > 0) return found;
  }
  return tables;
}

/** The rates of an invocation: by speed, tier and geography, then the highest context threshold that its input is above. */
export function selectRates(model: ModelPrices, served: ServedAs): RateTable {
  const bySpeed = preferring(model.rates, (table) => table.fast === served.fast);
  const byTier = ofTier(bySpeed, served.tier);
  const byPlace = preferring(byTier, (table) => table.geography === served.geography);
  const reached = byPlace.filter((table) => table.contextAbove === 0 || table.contextAbove < served.contextTokens);
  const [first, ...rest] = reached;
  if (!first) throw new RangeError(`${model.model} has no base rates`);
  return rest.reduce((highest, table) => (table.contextAbove > highest.contextAbove ? table : highest), first);
}

/**
 * The rate of a class. A class that the model prices no apart costs what the class it is comparable to costs: cached
 * and audio input that of fresh input, for one. Never zero, and never an exception: used tokens were billed to someone.
 */
export function rateOf(table: RateTable, tokenClass: TokenClass): PicoDollars {
  const own = table.perToken[tokenClass];
  if (own !== undefined) return own;
  const comparable = COMPARABLE[tokenClass].flatMap((each) => table.perToken[each] ?? []);
  return Math.max(...(comparable.length > 0 ? comparable : Object.values(table.perToken)));
}

/** What one use of a tool costs on a model; where that is unknown, the most it costs on any model of the provider. */
export function perUseOf(sheet: PriceSheet, model: ModelPrices, unit: ToolUnit): PicoDollars {
  const own = model.perUse[unit];
  if (own !== undefined) return own;
  const dearest = (models: readonly ModelPrices[]): PicoDollars =>
    Math.max(0, ...models.map((each) => each.perUse[unit] ?? 0));
  return dearest(sheet.models.filter((each) => each.provider === model.provider)) || dearest(sheet.models);
}
