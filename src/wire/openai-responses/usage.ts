/**
 * Token usage as the Responses API reports it (openai 6.49, `ResponseUsage`), made disjoint: `input_tokens` includes
 * what was read from and written to the cache, `output_tokens` includes reasoning.
 */
import type { ServiceTier, TokenUsage, UsageLine } from '../../core/pricing/usage.ts';
import { NO_USAGE } from '../../core/pricing/usage.ts';
import { type AnswerObject, countIn, objectIn, objectsIn, textIn } from '../framing/fields.ts';

/** The image model of the `image_generation` tool where a request names none (openai 6.49, `Tool.ImageGeneration`). */
export const DEFAULT_IMAGE_MODEL = 'gpt-image-1';

/** Reads the `usage` of a response served by `model`; `undefined` when it counts nothing. A stated zero is a zero. */
export function usageLine(model: string, usage: AnswerObject): UsageLine | undefined {
  const input = countIn(usage['input_tokens']);
  const output = countIn(usage['output_tokens']);
  if (input === undefined && output === undefined) return undefined;
  const contextTokens = input ?? 0;
  const details = objectIn(usage['input_tokens_details']) ?? {};
  const cacheRead = Math.min(countIn(details['cached_tokens']) ?? 0, contextTokens);
  const cacheWrite5m = Math.min(countIn(details['cache_write_tokens']) ?? 0, contextTokens - cacheRead);
  const read: TokenUsage = {
    ...NO_USAGE,
    input: contextTokens - cacheRead - cacheWrite5m,
    cacheRead,
    cacheWrite5m,
    output: output ?? 0,
    reasoning: Math.min(countIn(objectIn(usage['output_tokens_details'])?.['reasoning_tokens']) ?? 0, output ?? 0),
  };
  return { model, usage: read, contextTokens };
}

/** What the image model used beside the response's own usage (`tool_usage.image_gen`); `undefined` when it drew nothing. */
export function imageLine(response: AnswerObject): UsageLine | undefined {
  const used = objectIn(objectIn(response['tool_usage'])?.['image_gen']) ?? {};
  const contextTokens = countIn(used['input_tokens']) ?? 0;
  const output = countIn(used['output_tokens']) ?? 0;
  if (contextTokens + output === 0) return undefined;
  const tool = objectsIn(response['tools']).find((each) => each['type'] === 'image_generation');
  const inputImage = Math.min(imageTokens(used['input_tokens_details']) ?? 0, contextTokens);
  const outputImage = Math.min(imageTokens(used['output_tokens_details']) ?? output, output);
  const usage = {
    ...NO_USAGE,
    input: contextTokens - inputImage,
    inputImage,
    output: output - outputImage,
    outputImage,
  };
  return { model: textIn(tool?.['model']) ?? DEFAULT_IMAGE_MODEL, usage, contextTokens };
}

function imageTokens(details: unknown): number | undefined {
  return countIn(objectIn(details)?.['image_tokens']);
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
