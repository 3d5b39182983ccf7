/** Price sheets: dated, immutable rates per model and class, in whole pico-dollars. */
import type { ServiceTier, TokenClass, ToolUnit } from './usage.ts';

/** Integer pico-dollars (10⁻¹² US dollars): a price of x $/MTok is x·10⁶ of them per token. */
export type PicoDollars = number;

/** Rates of one model under one condition. A class without a rate cannot be billed on this model. */
export interface RateTable {
  readonly tier: ServiceTier;
  /** Applies to invocations whose total input is above this many tokens; 0 for the base. */
  readonly contextAbove: number;
  readonly fast: boolean;
  readonly geography: 'any' | 'us';
  readonly perToken: Readonly<Partial<Record<TokenClass, PicoDollars>>>;
}

export interface ModelPrices {
  readonly provider: 'anthropic' | 'openai' | 'gemini';
  readonly model: string;
  /** Further exact ids: dated snapshots and published aliases. Never a prefix. */
  readonly alsoNamed: readonly string[];
  readonly contextTokensMost: number;
  readonly outputTokensMost: number;
  readonly rates: readonly RateTable[];
  readonly perUse: Readonly<Partial<Record<ToolUnit, PicoDollars>>>;
  /** Admitted at a ceiling by an operator, until its true price is known. */
  readonly provisional?: true;
}

export interface PriceSheet {
  /** Date and revision, stored on every charge: `2026-11-16`, `2026-11-16+2` with the operator's second override. */
  readonly id: string;
  readonly effectiveOn: string;
  readonly models: readonly ModelPrices[];
}
