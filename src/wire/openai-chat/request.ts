/** Reads a Chat Completions request: what it can cost at the most, and the bytes to send in its place. */
import type { CallDemand } from '../../core/pricing/demand.ts';
import type { ServiceTier } from '../../core/pricing/usage.ts';
import { RequestObject } from '../framing/fields.ts';
import { isNullAt, isString, type JsonSpan, stringAt, watchFor } from '../framing/json-scan.ts';
import { type Splice, setMembers, splice } from '../framing/splice.ts';
import type { WireRequest } from '../framing/wire.ts';

export interface ChatRequest extends WireRequest {
  /** We ask the provider for a usage chunk that the client did not ask for: it is taken out of the answer. */
  readonly takesUsageOut: boolean;
}

interface OutputLimit {
  readonly field: 'max_completion_tokens' | 'max_tokens';
  readonly stated?: number;
}

const WATCH = watchFor([
  'messages.content.image_url',
  'messages.content.image_url.url',
  'messages.content.input_audio',
  'messages.content.file',
  'messages.audio',
  'tools.type',
]);

/**
 * The most tokens one image can become, however large, by the tile and patch formulas of OpenAI's guide to images.
 * gpt-4o-mini: 2,833 + 8 tiles of 5,667. Elsewhere: 10,000 patches at the largest multiplier, 2.46.
 */
const IMAGE_TOKENS_MOST = { ofMini: 48_169, ofOthers: 24_600 } as const;

/** Throws `Refused(invalid)` for a body, or a priced field, that is not what OpenAI's reference says. */
export function readRequest(body: Uint8Array): ChatRequest {
  const fields = RequestObject.ofBody(body, WATCH);
  const model = fields.text('model');
  if (!model) throw fields.wrong('model', 'must name a model');
  const limit = readLimit(fields);
  const stream = fields.flag('stream') ?? false;
  const takesUsageOut = stream && fields.object('stream_options')?.flag('include_usage') !== true;
  const splices = takesUsageOut ? askForUsage(fields) : [];
  return {
    model,
    stream,
    takesUsageOut,
    demand: demandOf(fields, model, limit.stated),
    forward: (outputLimit) => {
      if (outputLimit === undefined) return splice(body, splices);
      const tokens = Math.min(outputLimit, limit.stated ?? outputLimit);
      return splice(body, [...splices, ...setMembers(fields.scanned, { [limit.field]: String(tokens) })]);
    },
  };
}

/** Whether the model searches the web before it answers, once, as OpenAI's guide to web search has it. */
export function searches(demand: CallDemand | null): boolean {
  return demand?.serverTools.some((tool) => tool.unit === 'webSearch') ?? false;
}

function demandOf(fields: RequestObject, model: string, outputLimit: number | undefined): CallDemand {
  refuseUnknownTools(fields);
  const images = present(fields, 'messages.content.image_url').length;
  const imageTokens = model.startsWith('gpt-4o-mini') ? IMAGE_TOKENS_MOST.ofMini : IMAGE_TOKENS_MOST.ofOthers;
  const tier = pinnedTier(fields);
  const search = fields.has('web_search_options') || /-search-(preview|api)/.test(model);
  return {
    model,
    inputTokensMost: fields.bytes.length - imageBytes(fields) + images * imageTokens,
    // A file is read page by page, and an earlier answer's audio is known by its id only.
    inputUnseen: present(fields, 'messages.content.file').length + present(fields, 'messages.audio').length > 0,
    inputMayHoldAudio: present(fields, 'messages.content.input_audio').length > 0,
    inputMayHoldImages: images > 0,
    cacheWrite: '5m',
    ...(outputLimit !== undefined && { outputLimit }),
    candidates: fields.integer(1, 'n') ?? 1,
    thinkingBudget: 0,
    outputMayHoldAudio: fields.has('audio') || asksForAudio(fields),
    outputMayHoldImages: false,
    ...(tier && { serviceTier: tier }),
    fast: false,
    serverTools: search ? [{ unit: 'webSearch', usesMost: 1 }] : [],
    otherModels: [],
  };
}

/**
 * `max_completion_tokens` is OpenAI's field; `max_tokens`, which o-series and gpt-5 refuse, is left where a client has
 * it, and used beside a `prediction`, which the newer field excludes.
 */
function readLimit(fields: RequestObject): OutputLimit {
  const newer = fields.integer(1, 'max_completion_tokens');
  const older = fields.integer(1, 'max_tokens');
  if (newer !== undefined && older !== undefined) {
    throw fields.wrong('max_tokens', 'and max_completion_tokens cannot both be given');
  }
  if (newer !== undefined) return { field: 'max_completion_tokens', stated: newer };
  if (older !== undefined) return { field: 'max_tokens', stated: older };
  return { field: fields.has('prediction') ? 'max_tokens' : 'max_completion_tokens' };
}

function askForUsage(fields: RequestObject): readonly Splice[] {
  const options = fields.object('stream_options');
  return options
    ? setMembers(options.scanned, { include_usage: 'true' })
    : setMembers(fields.scanned, { stream_options: '{"include_usage":true}' });
}

/**
 * The tiers that a request can hold a call to. `auto` or none leaves it to the project's setting, and `scale` may fall
 * back to it when what was bought is used up.
 */
const PINNED_TIERS: ReadonlyMap<string, ServiceTier | undefined> = new Map([
  ['auto', undefined],
  ['scale', undefined],
  ['default', 'standard'],
  ['flex', 'flex'],
  ['priority', 'priority'],
  ['fast', 'priority'],
  ['ultrafast', 'ultrafast'],
]);

function pinnedTier(fields: RequestObject): ServiceTier | undefined {
  const name = fields.text('service_tier') ?? 'auto';
  if (!PINNED_TIERS.has(name)) throw fields.wrong('service_tier', 'names a tier that is not priced here');
  return PINNED_TIERS.get(name);
}

/** Functions and custom tools are run by the client. What another kind would cost is not known. */
function refuseUnknownTools(fields: RequestObject): void {
  for (const span of present(fields, 'tools.type')) {
    const type = isString(fields.bytes, span) ? stringAt(fields.bytes, span) : '';
    if (type !== 'function' && type !== 'custom') throw fields.wrong('tools', 'hold a tool that is not priced here');
  }
}

function asksForAudio(fields: RequestObject): boolean {
  const modalities: unknown = JSON.parse(fields.json('modalities') ?? 'null');
  return Array.isArray(modalities) && modalities.includes('audio');
}

/** Bytes that are images and never text: data URLs where a provider takes nothing but an image. */
function imageBytes(fields: RequestObject): number {
  let sum = 0;
  for (const { start, end } of present(fields, 'messages.content.image_url.url')) {
    const isImage = IMAGE_DATA.every((byte, i) => fields.bytes[start + i] === byte);
    if (isImage) sum += end - start;
  }
  return sum;
}

const IMAGE_DATA = new TextEncoder().encode('"data:image/');

function present(fields: RequestObject, path: string): readonly JsonSpan[] {
  return fields.scanned.seen(path).filter((span) => !isNullAt(fields.bytes, span));
}
