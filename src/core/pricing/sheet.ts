/** Price sheets: dated, immutable rates per model and class, in whole pico-dollars. */
import type { ServiceTier, TokenClass, ToolUnit } from './usage.ts';

/** Integer pico-dollars (10⁻¹² US dollars): a price of x $/MTok is x·10⁶ of them per token. */
export type PicoDollars = number;

export type PricedProvider = 'anthropic' | 'openai' | 'gemini';

/** Rates of one model under one condition. A class without a rate is charged as the class it is comparable to. */
export interface RateTable {
  readonly tier: ServiceTier;
  /** Applies to invocations whose total input is above this many tokens; 0 for the base. */
  readonly contextAbove: number;
  readonly fast: boolean;
  readonly geography: 'any' | 'us';
  readonly perToken: Readonly<Partial<Record<TokenClass, PicoDollars>>>;
}

export interface ModelPrices {
  readonly provider: PricedProvider;
  readonly model: string;
  /** Further exact ids: dated snapshots and published aliases. Never a prefix. */
  readonly alsoNamed: readonly string[];
  /** The context window: no invocation takes more input than this. */
  readonly contextTokensMost: number;
  readonly outputTokensMost: number;
  /** The day the provider announced to stop serving it, `YYYY-MM-DD`; it stays priced for what is reported late. */
  readonly retiresOn?: string;
  readonly rates: readonly RateTable[];
  readonly perUse: Readonly<Partial<Record<ToolUnit, PicoDollars>>>;
  /** Admitted at a ceiling by an operator, until its true price is known. */
  readonly provisional?: true;
}

export interface PriceSheet {
  /** Date and revision, stored on every charge: `2026-11-23`, `2026-11-23+2` with the operator's second override. */
  readonly id: string;
  /** The first day it prices, `YYYY-MM-DD` in UTC. */
  readonly effectiveOn: string;
  readonly models: readonly ModelPrices[];
}

const indexes = new WeakMap<PriceSheet, ReadonlyMap<string, ModelPrices>>();

function indexOf(sheet: PriceSheet): ReadonlyMap<string, ModelPrices> {
  const known = indexes.get(sheet);
  if (known) return known;
  const index = new Map<string, ModelPrices>();
  for (const prices of sheet.models) {
    for (const name of [prices.model, ...prices.alsoNamed]) index.set(name, prices);
  }
  indexes.set(sheet, index);
  return index;
}

/** The prices of the model of exactly this name; `undefined` for any other, however alike: an unknown model is refused. */
export function findModel(sheet: PriceSheet, name: string): ModelPrices | undefined {
  return indexOf(sheet).get(name);
}
