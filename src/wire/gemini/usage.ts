/** Gemini's `usageMetadata` and `groundingMetadata`, in the meter's own classes. Semantics: docs/concepts/metering.md. */
import { type MeteredCall, NO_USAGE, type ServiceTier, type TokenUsage } from '../../core/pricing/usage.ts';
import { type AnswerObject, countIn, objectsIn, textIn } from '../framing/fields.ts';

/** What grounding a candidate told of. */
export interface Grounding {
  readonly queries: number;
  readonly webResults: boolean;
  readonly mapsResults: boolean;
}

export interface Reported {
  readonly model: string;
  readonly usage: AnswerObject;
  /** One for each candidate that has any. */
  readonly groundings: readonly Grounding[];
  /** The kind of media that was delivered; it takes the output tokens where these are not told by modality. */
  readonly media?: 'audio' | 'images';
}

/** The call as reported. */
export function meteredCall({ model, usage, groundings, media }: Reported): MeteredCall {
  const tier = tierNamed(usage);
  const prompt = countIn(usage.promptTokenCount) ?? 0;
  const toolUse = countIn(usage.toolUsePromptTokenCount) ?? 0;
  const searches = searchesOf(model, groundings);
  return {
    lines: [{ model, usage: tokensOf(usage, media), contextTokens: prompt + toolUse }],
    toolUses: {
      ...(searches > 0 && { webSearch: searches }),
      ...(groundings.some(({ mapsResults }) => mapsResults) && { mapsGrounding: 1 }),
    },
    ...(tier && { serviceTier: tier }),
  };
}

/** What a candidate's `groundingMetadata` says of searches made for it. */
export function groundingIn(metadata: AnswerObject): Grounding {
  const chunks = objectsIn(metadata.groundingChunks);
  return {
    queries: [metadata.webSearchQueries, metadata.imageSearchQueries].reduce<number>(
      (sum, each) => sum + filled(each),
      0,
    ),
    webResults: chunks.some((chunk) => chunk.web !== undefined || chunk.image !== undefined),
    mapsResults: chunks.some((chunk) => chunk.maps !== undefined),
  };
}

function filled(queries: unknown): number {
  return Array.isArray(queries) ? queries.filter((query) => typeof query === 'string' && query !== '').length : 0;
}

/**
 * From Gemini 3 on each query is billed, before it each prompt that searched. A name that tells no generation is taken
 * for a newer one. Source: ai.google.dev/gemini-api/docs/google-search.
 */
function searchesOf(model: string, groundings: readonly Grounding[]): number {
  const queries = groundings.reduce((sum, each) => sum + each.queries, 0);
  const generation = Number(/^gemini-(\d+)/.exec(model)?.[1] ?? Number.POSITIVE_INFINITY);
  const grounded = queries > 0 || groundings.some(({ webResults }) => webResults);
  if (!grounded) return 0;
  return generation < 3 ? 1 : Math.max(1, queries);
}

/**
 * Cached tokens lie inside the prompt; what tools brought in and what was thought lie outside prompt and candidates.
 * Output is never derived from the total.
 */
function tokensOf(usage: AnswerObject, media: Reported['media']): TokenUsage {
  const prompt = countIn(usage.promptTokenCount) ?? 0;
  const cacheRead = Math.min(prompt, countIn(usage.cachedContentTokenCount) ?? 0);
  const fresh = prompt - cacheRead + (countIn(usage.toolUsePromptTokenCount) ?? 0);
  const freshIn = (modality: string) =>
    tokensIn(usage.promptTokensDetails, modality) -
    tokensIn(usage.cacheTokensDetails, modality) +
    tokensIn(usage.toolUsePromptTokensDetails, modality);
  const inputAudio = within(fresh, freshIn('AUDIO'));
  const inputImage = within(fresh - inputAudio, freshIn('IMAGE'));

  const candidates = countIn(usage.candidatesTokenCount) ?? 0;
  const thoughts = countIn(usage.thoughtsTokenCount) ?? 0;
  const told = objectsIn(usage.candidatesTokensDetails).length > 0;
  const outputIn = (modality: string, kind: Reported['media']) =>
    told ? tokensIn(usage.candidatesTokensDetails, modality) : media === kind ? candidates : 0;
  const outputAudio = within(candidates, outputIn('AUDIO', 'audio'));
  const outputImage = within(candidates - outputAudio, outputIn('IMAGE', 'images'));
  return {
    ...NO_USAGE,
    input: fresh - inputAudio - inputImage,
    inputAudio,
    inputImage,
    cacheRead,
    output: candidates - outputAudio - outputImage + thoughts,
    outputAudio,
    outputImage,
    reasoning: thoughts,
  };
}

function within(most: number, count: number): number {
  return Math.max(0, Math.min(most, count));
}

function tokensIn(details: unknown, modality: string): number {
  let sum = 0;
  for (const each of objectsIn(details)) if (each.modality === modality) sum += countIn(each.tokenCount) ?? 0;
  return sum;
}

const TIERS: ReadonlyMap<unknown, ServiceTier> = new Map<unknown, ServiceTier>([
  ['standard', 'standard'],
  ['flex', 'flex'],
  ['priority', 'priority'],
  ['batch', 'batch'],
]);

const TRAFFIC: ReadonlyMap<unknown, ServiceTier> = new Map<unknown, ServiceTier>([
  ['ON_DEMAND', 'standard'],
  ['ON_DEMAND_FLEX', 'flex'],
  ['ON_DEMAND_PRIORITY', 'priority'],
  ['PROVISIONED_THROUGHPUT', 'standard'],
]);

function tierNamed(usage: AnswerObject): ServiceTier | undefined {
  return TIERS.get(textIn(usage.serviceTier)?.toLowerCase()) ?? TRAFFIC.get(usage.trafficType);
}
