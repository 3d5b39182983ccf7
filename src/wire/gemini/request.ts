/** Reads a request of the Gemini API: what it can cost at the most, and the bytes to send in its place. */
import { refused } from '../../core/errors.ts';
import type { CallDemand } from '../../core/pricing/demand.ts';
import type { ServiceTier } from '../../core/pricing/usage.ts';
import { RequestObject } from '../framing/fields.ts';
import { type Splice, setMembers, splice } from '../framing/splice.ts';
import type { WireRequest } from '../framing/wire.ts';
import { readInput, WATCH } from './input.ts';
import { refuseUnreadableAnswers } from './query.ts';
import { readTools } from './tools.ts';

/** The API takes every field under its name in camel case or in snake case. */
const LIMIT = ['maxOutputTokens', 'max_output_tokens'] as const;
const CONFIG = ['generationConfig', 'generation_config'] as const;

export interface GeminiRequest extends WireRequest {
  /** The answer is generated; embeddings are not, and report no usage. */
  readonly generates: boolean;
}

interface AskedPath {
  readonly model?: string;
  readonly action: string;
  readonly query: string;
}

/** Throws `Refused(invalid)` for a body, or a priced field, that is not what Google's API reference says. */
export function readRequest(body: Uint8Array, { model, action, query }: AskedPath): GeminiRequest {
  if (!model) throw refused('invalid', 'The path must name a model.');
  refuseUnreadableAnswers(query);
  const fields = RequestObject.ofBody(body, WATCH);
  refuseOtherModel(fields, model);
  if (action === 'countTokens') return { model, stream: false, generates: false, demand: null, forward: () => body };
  if (action === 'embedContent' || action === 'batchEmbedContents') {
    for (const each of fields.objects('requests')) refuseOtherModel(each, model);
    return { model, stream: false, generates: false, demand: embeddingDemand(fields, model), forward: () => body };
  }
  const config = fields.object(...CONFIG);
  const stated = config?.integer(1, ...LIMIT);
  return {
    model,
    stream: action === 'streamGenerateContent',
    generates: true,
    demand: demandOf(fields, config, { model, stated }),
    forward: (outputLimit) => {
      if (outputLimit === undefined || (stated !== undefined && outputLimit >= stated)) return body;
      return splice(body, limitSplices(fields, config, outputLimit));
    },
  };
}

function demandOf(
  fields: RequestObject,
  config: RequestObject | undefined,
  { model, stated }: { model: string; stated: number | undefined },
): CallDemand {
  const input = readInput(fields);
  const tools = readTools(fields);
  const thinking = config?.object('thinkingConfig', 'thinking_config');
  const media = outputMedia(config, model);
  return {
    model,
    inputTokensMost: input.tokensMost + tools.promptTokensMost,
    inputUnseen: input.unseen || tools.inputUnseen || fields.has('cachedContent', 'cached_content'),
    inputMayHoldAudio: input.audio,
    inputMayHoldImages: input.images > 0,
    // What it caches by itself is written free of charge.
    cacheWrite: 'none',
    ...(stated !== undefined && { outputLimit: stated }),
    candidates: config?.integer(1, 'candidateCount', 'candidate_count') ?? 1,
    // -1 leaves the budget to the model, within the output limit.
    thinkingBudget: Math.max(0, thinking?.integer(-1, 'thinkingBudget', 'thinking_budget') ?? 0),
    outputMayHoldAudio: media.audio,
    outputMayHoldImages: media.images,
    serviceTier: tierOf(fields),
    fast: false,
    geography: 'any',
    serverTools: tools.serverTools,
    otherModels: [],
  };
}

/** Embeddings have no output. */
function embeddingDemand(fields: RequestObject, model: string): CallDemand {
  const input = readInput(fields);
  return {
    model,
    inputTokensMost: input.tokensMost,
    inputUnseen: input.unseen,
    inputMayHoldAudio: input.audio,
    inputMayHoldImages: input.images > 0,
    cacheWrite: 'none',
    outputLimit: 0,
    candidates: 1,
    thinkingBudget: 0,
    outputMayHoldAudio: false,
    outputMayHoldImages: false,
    serviceTier: 'standard',
    fast: false,
    geography: 'any',
    serverTools: [],
    otherModels: [],
  };
}

/** A body may name the model again; one that differs from the path's would be priced as one and served as the other. */
function refuseOtherModel(fields: RequestObject, model: string): void {
  const named = fields.text('model')?.replace(/^models\//, '');
  if (named !== undefined && named !== model) throw fields.wrong('model', 'is not the model of the path');
}

function limitSplices(
  fields: RequestObject,
  config: RequestObject | undefined,
  outputLimit: number,
): readonly Splice[] {
  const [camel] = LIMIT;
  if (config) {
    const spelling = LIMIT.find((name) => config.scanned.members.some(({ key }) => key === name)) ?? camel;
    return setMembers(config.scanned, { [spelling]: String(outputLimit) });
  }
  const spelling = CONFIG.find((name) => fields.scanned.members.some(({ key }) => key === name)) ?? CONFIG[0];
  return setMembers(fields.scanned, { [spelling]: JSON.stringify({ [camel]: outputLimit }) });
}

const TIERS: ReadonlyMap<string, ServiceTier> = new Map([
  ['unspecified', 'standard'],
  ['standard', 'standard'],
  ['flex', 'flex'],
  ['priority', 'priority'],
]);

/** Without one, a call is served at the standard tier. Source: ai.google.dev/gemini-api/docs/priority-inference. */
function tierOf(fields: RequestObject): ServiceTier {
  const name = fields.text('serviceTier', 'service_tier') ?? 'standard';
  const tier = TIERS.get(name.toLowerCase().replace(/^service_tier_/, ''));
  if (!tier) throw fields.wrong('serviceTier', 'names a tier that is not priced here');
  return tier;
}

/** Models made for pictures or speech answer in them without being asked to. */
function outputMedia(
  config: RequestObject | undefined,
  model: string,
): { readonly audio: boolean; readonly images: boolean } {
  const asked = (config?.json('responseModalities', 'response_modalities') ?? '').toUpperCase();
  const speaks = config?.has('speechConfig', 'speech_config') ?? false;
  return {
    audio: speaks || asked.includes('AUDIO') || /-(tts|audio)\b/.test(model),
    images: asked.includes('IMAGE') || /-image\b/.test(model),
  };
}
