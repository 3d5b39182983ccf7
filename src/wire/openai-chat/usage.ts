/**
 * Token usage as Chat Completions reports it (openai 6.49, `CompletionUsage`), made disjoint: `prompt_tokens` includes
 * what was read from and written to the cache, `completion_tokens` includes reasoning, audio and rejected predictions.
 */
import type { ServiceTier, TokenUsage } from '../../core/pricing/usage.ts';
import { NO_USAGE } from '../../core/pricing/usage.ts';
import { type AnswerObject, countIn, objectIn } from '../framing/fields.ts';

export interface ReadUsage {
  readonly usage: TokenUsage;
  /** All input tokens of the call, cached or not. */
  readonly contextTokens: number;
}

/** Reads a `usage` object; `undefined` when it counts nothing. A zero that is stated is a zero. */
export function readUsage(usage: AnswerObject): ReadUsage | undefined {
  const prompt = countIn(usage['prompt_tokens']);
  const completion = countIn(usage['completion_tokens']);
  if (prompt === undefined && completion === undefined) return undefined;
  const contextTokens = prompt ?? 0;
  return {
    usage: { ...NO_USAGE, ...inputOf(usage, contextTokens), ...outputOf(usage, completion ?? 0) },
    contextTokens,
  };
}

function inputOf(usage: AnswerObject, prompt: number): Partial<TokenUsage> {
  const details = objectIn(usage['prompt_tokens_details']) ?? {};
  // DeepSeek reports its cache beside the details, under a name of its own.
  const cached = countIn(details['cached_tokens']) ?? countIn(usage['prompt_cache_hit_tokens']) ?? 0;
  const cacheRead = Math.min(cached, prompt);
  const cacheWrite5m = Math.min(countIn(details['cache_write_tokens']) ?? 0, prompt - cacheRead);
  const fresh = prompt - cacheRead - cacheWrite5m;
  const inputAudio = Math.min(countIn(details['audio_tokens']) ?? 0, fresh);
  return { input: fresh - inputAudio, inputAudio, cacheRead, cacheWrite5m };
}

function outputOf(usage: AnswerObject, completion: number): Partial<TokenUsage> {
  const details = objectIn(usage['completion_tokens_details']) ?? {};
  const reasoned = countIn(details['reasoning_tokens']) ?? 0;
  const all = completion + (leavesReasoningOut(usage, completion, reasoned) ? reasoned : 0);
  const outputAudio = Math.min(countIn(details['audio_tokens']) ?? 0, all);
  return { output: all - outputAudio, outputAudio, reasoning: Math.min(reasoned, all - outputAudio) };
}

/** xAI counts reasoning beside `completion_tokens`: then only the total has room for it. */
function leavesReasoningOut(usage: AnswerObject, completion: number, reasoned: number): boolean {
  const total = countIn(usage['total_tokens']) ?? 0;
  return reasoned > 0 && total >= (countIn(usage['prompt_tokens']) ?? 0) + completion + reasoned;
}

const TIERS: ReadonlyMap<unknown, ServiceTier> = new Map([
  ['default', 'standard'],
  ['standard', 'standard'],
  // Bought beforehand, not by the token: counted at the standard price.
  ['scale', 'standard'],
  ['flex', 'flex'],
  ['priority', 'priority'],
  ['fast', 'priority'],
  ['ultrafast', 'ultrafast'],
  ['batch', 'batch'],
]);

/** The tier that a `service_tier` names; `undefined` when it leaves it open (`auto`) or names none. */
export function tierNamed(value: unknown): ServiceTier | undefined {
  return TIERS.get(value);
}
