/** What a request could use at the most, read from its bytes before it is sent: the basis of its hold. */

import type { ServiceTier, ToolUnit } from './usage.ts';

/** Among `otherModels`: the provider chooses; its dearest model bounds what that costs. */
export const PROVIDERS_CHOICE = 'default';

export interface CallDemand {
  /** The model as the client names it. */
  readonly model: string;
  /** The most input tokens the request's own bytes can become: text by UTF-8 bytes, other modalities by their bounds. */
  readonly inputTokensMost: number;
  /** Parts of the input are not in the bytes (a URL, a file id, an earlier response): only the model's window bounds them. */
  readonly inputUnseen: boolean;
  /** Audio or images are in the input, which a sheet may price apart from text. */
  readonly inputMayHoldAudio: boolean;
  readonly inputMayHoldImages: boolean;
  /** The dearest cache write that the request allows. OpenAI's and Gemini's automatic caching is `5m`. */
  readonly cacheWrite: 'none' | '5m' | '1h';
  /** The output limit per candidate the request states, reasoning included; absent: the model's own maximum. */
  readonly outputLimit?: number;
  /** Answers asked for: `n`, `candidateCount`. At least 1. */
  readonly candidates: number;
  /** Tokens of thinking asked for: an output limit is never lowered to or below this + 1,024. */
  readonly thinkingBudget: number;
  readonly outputMayHoldAudio: boolean;
  readonly outputMayHoldImages: boolean;
  /** The tier the request pins; absent: the dearest a project's setting can raise it to. */
  readonly serviceTier?: ServiceTier;
  readonly fast: boolean;
  /** The geography the request pins, `any` if it is one that costs nothing extra; absent: the dearest, as with tiers. */
  readonly geography?: 'us' | 'any';
  /**
   * Tools the provider runs. Each use may feed what it found back as input, so a use can cost a window of input more.
   * `usesMost` absent: the request sets no cap.
   */
  readonly serverTools: readonly { readonly unit: ToolUnit | 'free'; readonly usesMost?: number }[];
  /** Further invocations the provider may make on its own, one name each: advisors, fallbacks, compaction. */
  readonly otherModels: readonly string[];
}
