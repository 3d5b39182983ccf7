/**
 * What the sources lack or say wrongly, each with the provider's page it was read on. Prices are in dollars, per million
 * tokens or per use; everything here is applied to what the sources list.
 */
import type { ModelPrices, PricedProvider } from '../../src/core/pricing/sheet.ts';
import { each } from './rates.ts';

/** Models that were shut down before this day are left out; later ones stay, for what is reported or imported late. */
export const SERVED_SINCE = '2026-01-01';

/** What LiteLLM lists under the three providers and none of our wires speaks to, or what has no price of its own. */
export const LEFT_OUT = /^(?:ft:|deep-research|gemini-exp|gemini-gemma)|-live/;

/** A model's name without the date of a snapshot. */
export function undated(name: string): string {
  return name.replace(/-(\d{8}|\d{4}-\d{2}-\d{2})$/, '');
}

/**
 * How many times the standard rates fast mode costs. LiteLLM lists those of Opus 4.8 and later; the first two were sold
 * at six times while their preview ran. platform.claude.com/docs/en/build-with-claude/fast-mode#pricing
 */
export const FAST_TIMES: Readonly<Record<string, number>> = {
  'claude-opus-4-6': 6,
  'claude-opus-4-7': 6,
  'claude-opus-4-8': 2,
  'claude-opus-5': 2,
  'claude-opus-5-5': 2,
};

/**
 * Tools where a model's entry lists none. Anthropic: search $10 per 1,000, a container at least five minutes of $0.05 an
 * hour (platform.claude.com/docs/en/about-claude/pricing#tool-use-pricing). OpenAI: search $10 and file search $2.50 per
 * 1,000, a container $0.03 (developers.openai.com/api/docs/pricing#built-in-tools). Gemini: grounding $35 per 1,000 before
 * Gemini 3, maps $25, file search and code execution only their tokens (ai.google.dev/gemini-api/docs/pricing).
 */
export const PER_USE: Readonly<Record<PricedProvider, ModelPrices['perUse']>> = {
  anthropic: { webSearch: each(0.01), codeExecution: 4_166_666_667 },
  openai: { webSearch: each(0.01), fileSearch: each(0.0025), codeExecution: each(0.03) },
  gemini: { webSearch: each(0.035), fileSearch: 0, codeExecution: 0, mapsGrounding: each(0.025) },
};

/**
 * Published aliases, and the model that answers to them today.
 * developers.openai.com/api/docs/models, ai.google.dev/gemini-api/docs/models, platform.claude.com/docs/en/about-claude/models
 */
export const ALIASES: Readonly<Record<string, string>> = {
  'gpt-5.6': 'gpt-5.6-sol',
  'gpt-5-chat': 'gpt-5-chat-latest',
  'gemini-flash-latest': 'gemini-3.8-flash',
  'gemini-flash-lite-latest': 'gemini-3.5-flash-lite',
  'gemini-pro-latest': 'gemini-3.1-pro-preview',
  'gemini-3.1-pro-preview-customtools': 'gemini-3.1-pro-preview',
  'gemini-3-pro-image-preview': 'gemini-3-pro-image',
  'gemini-3.1-flash-image-preview': 'gemini-3.1-flash-image',
  'nano-banana-pro-preview': 'gemini-3-pro-image',
  'gemini-3.1-flash-lite-preview': 'gemini-3.1-flash-lite',
  'gemini-embedding-2-preview': 'gemini-embedding-2',
  'text-embedding-ada-002-v2': 'text-embedding-ada-002',
};

/** A model newer than the sources, priced as another one but for the standard rates given. */
export interface AddedModel {
  readonly model: string;
  readonly like: string;
  readonly fastTimes?: number;
  readonly ultrafastPer?: number;
  readonly dollarsPerMillion: Readonly<
    Partial<Record<'input' | 'cacheRead' | 'cacheWrite5m' | 'cacheWrite1h' | 'output', number>>
  >;
}

const FABLE_5_2 = { input: 8, cacheRead: 0.2, cacheWrite5m: 10, cacheWrite1h: 16, output: 40 };

export const ADDED: readonly AddedModel[] = [
  // platform.claude.com/docs/en/models/fable-5-2/overview and /mythos-5-2/overview; fast mode $16 / $80.
  { model: 'claude-fable-5-2', like: 'claude-fable-5-1', fastTimes: 2, dollarsPerMillion: FABLE_5_2 },
  { model: 'claude-mythos-5-2', like: 'claude-mythos-5-1', fastTimes: 2, dollarsPerMillion: FABLE_5_2 },
  // developers.openai.com/api/docs/models/gpt-6.2-sol: ultrafast is 3 times standard through February 2027, then 6 times.
  { model: 'gpt-6.2-sol', like: 'gpt-6.1-sol', ultrafastPer: 2, dollarsPerMillion: {} },
  // developers.openai.com/api/docs/models/gpt-6.2-astra
  {
    model: 'gpt-6.2-astra',
    like: 'gpt-6-astra',
    dollarsPerMillion: { input: 8, cacheRead: 0.4, cacheWrite5m: 10, cacheWrite1h: 20, output: 40 },
  },
];

/** Rates that a provider has announced to change on a day. */
export interface ScheduledChange {
  readonly on: string;
  readonly model: string;
  readonly times: number;
  readonly tier?: 'ultrafast';
}

export const SCHEDULED: readonly ScheduledChange[] = [
  // ai.google.dev/gemini-api/docs/latest-model: introductory through 2026-11-30.
  { on: '2026-12-01', model: 'gemini-4-argon', times: 2 },
  // ai.google.dev/gemini-api/docs/pricing: introductory through 2026-12-31.
  { on: '2027-01-01', model: 'gemini-3.6-flash', times: 2 },
  { on: '2027-01-01', model: 'gemini-3.7-flash', times: 2 },
  { on: '2027-01-01', model: 'gemini-3.8-flash', times: 2 },
  { on: '2027-03-01', model: 'gpt-6.2-sol', times: 2, tier: 'ultrafast' },
];

/**
 * Models that LiteLLM no longer lists because they were shut down this year; prices from genai-prices.
 * platform.claude.com/docs/en/about-claude/model-deprecations, ai.google.dev/gemini-api/docs/deprecations
 */
export const RETIRED: readonly (Omit<ModelPrices, 'rates' | 'perUse'> & { readonly genaiId: string })[] = [
  {
    genaiId: 'claude-sonnet-4-0',
    provider: 'anthropic',
    model: 'claude-sonnet-4-20250514',
    alsoNamed: ['claude-sonnet-4-0'],
    contextTokensMost: 200_000,
    outputTokensMost: 64_000,
    retiresOn: '2026-06-15',
  },
  {
    genaiId: 'claude-opus-4-0',
    provider: 'anthropic',
    model: 'claude-opus-4-20250514',
    alsoNamed: ['claude-opus-4-0'],
    contextTokensMost: 200_000,
    outputTokensMost: 32_000,
    retiresOn: '2026-06-15',
  },
  {
    genaiId: 'claude-opus-4-1',
    provider: 'anthropic',
    model: 'claude-opus-4-1-20250805',
    alsoNamed: ['claude-opus-4-1'],
    contextTokensMost: 200_000,
    outputTokensMost: 32_000,
    retiresOn: '2026-08-05',
  },
  {
    genaiId: 'gemini-3-pro-preview',
    provider: 'gemini',
    model: 'gemini-3-pro-preview',
    alsoNamed: [],
    contextTokensMost: 1_048_576,
    outputTokensMost: 65_536,
    retiresOn: '2026-03-09',
  },
];

/** Long-context rates that only genai-prices lists: the 1M window of Sonnet 4.5 was a beta, retired on 2026-04-30. */
export const LONG_CONTEXT: Readonly<Record<string, string>> = { 'claude-sonnet-4-5': 'claude-sonnet-4-5' };

/** A model with a rate beyond its ordinary window is held for as if that window were still served: a bound errs upward. */
export const LONG_CONTEXT_WINDOW = 1_000_000;
