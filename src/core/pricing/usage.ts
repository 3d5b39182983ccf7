/**
 * What a call used, in the meter's own classes: disjoint, so that their sum is what is billed.
 * Semantics per provider: docs/concepts/metering.md.
 */

/**
 * Priced per token. `input` is fresh input; `inputAudio`, `inputImage` are used only where a sheet prices them apart.
 * `cacheWrite5m` is the provider's ordinary cache write (5 minutes on Anthropic, 30 on OpenAI), `cacheWrite1h` its
 * long and dearer one (1 hour, 12 hours).
 */
export const TOKEN_CLASSES = [
  'input',
  'inputAudio',
  'inputImage',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'output',
  'outputAudio',
  'outputImage',
] as const;

export type TokenClass = (typeof TOKEN_CLASSES)[number];

/** Priced per call. */
export const TOOL_UNITS = ['webSearch', 'fileSearch', 'codeExecution', 'mapsGrounding'] as const;

export type ToolUnit = (typeof TOOL_UNITS)[number];

/** Counts of tokens, each a non-negative safe integer. `reasoning` lies inside `output` and is for information only. */
export type TokenUsage = Readonly<Record<TokenClass, number>> & { readonly reasoning: number };

export const NO_USAGE: TokenUsage = {
  input: 0,
  inputAudio: 0,
  inputImage: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  outputAudio: 0,
  outputImage: 0,
  reasoning: 0,
};

/**
 * How fast and how dear a provider served a call, by the name in its answer, made uniform: `default`, `scale` and
 * `standard_only` are `standard`; OpenAI's `fast` is another name of `priority`; `auto` is no tier but the absence of
 * one. Source: developers.openai.com/api/docs/guides/fast-mode and /ultrafast-mode.
 */
export type ServiceTier = 'standard' | 'priority' | 'flex' | 'batch' | 'ultrafast';

/** One model's part of a call. Most calls have one; compaction, advisors and fallbacks add more. */
export interface UsageLine {
  /** The model as the provider names it in its answer. */
  readonly model: string;
  readonly usage: TokenUsage;
  /** The total input of that one model invocation (fresh + cached + written): selects a long-context rate. */
  readonly contextTokens: number;
  /** The provider declined before it generated anything: Anthropic does not bill such a line. */
  readonly refused?: true;
}

/** What a provider reported for one call. */
export interface MeteredCall {
  readonly lines: readonly UsageLine[];
  readonly toolUses: Readonly<Partial<Record<ToolUnit, number>>>;
  /** The tier really used; absent when the answer does not say. */
  readonly serviceTier?: ServiceTier;
  /** Anthropic's fast mode. */
  readonly fast?: boolean;
  /** Anthropic's `inference_geo`, when it is one that costs more. */
  readonly geography?: 'us';
}

/** The sum of two usages, class by class. */
export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    input: a.input + b.input,
    inputAudio: a.inputAudio + b.inputAudio,
    inputImage: a.inputImage + b.inputImage,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite5m: a.cacheWrite5m + b.cacheWrite5m,
    cacheWrite1h: a.cacheWrite1h + b.cacheWrite1h,
    output: a.output + b.output,
    outputAudio: a.outputAudio + b.outputAudio,
    outputImage: a.outputImage + b.outputImage,
    reasoning: a.reasoning + b.reasoning,
  };
}
