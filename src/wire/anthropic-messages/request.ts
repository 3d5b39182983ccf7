/** Reads a Messages request: what it can cost at the most, and the bytes to send in its place. */
import { type CallDemand, PROVIDERS_CHOICE } from '../../core/pricing/demand.ts';
import { RequestObject } from '../framing/fields.ts';
import { setMembers, splice } from '../framing/splice.ts';
import type { WireRequest } from '../framing/wire.ts';
import { cacheWriteOf, readInput, WATCH } from './input.ts';
import { type ReadTools, readTools } from './tools.ts';

/** Throws `Refused(invalid)` for a body, or a priced field, that is not what Anthropic's API reference says. */
export function readRequest(body: Uint8Array, path: { readonly action: string }): WireRequest {
  const fields = RequestObject.ofBody(body, WATCH);
  const model = fields.text('model');
  if (!model) throw fields.wrong('model', 'must name a model');
  if (path.action === 'count_tokens') return { model, stream: false, demand: null, forward: () => body };
  const maxTokens = fields.integer(1, 'max_tokens');
  if (maxTokens === undefined) throw fields.wrong('max_tokens', 'is required');
  if (!fields.has('messages')) throw fields.wrong('messages', 'is required');
  const tools = readTools(fields);
  return {
    model,
    stream: fields.flag('stream') ?? false,
    demand: demandOf(fields, { model, maxTokens, tools }),
    forward: (outputLimit = maxTokens) => {
      const lowered = outputLimit < maxTokens ? setMembers(fields.scanned, { max_tokens: String(outputLimit) }) : [];
      return splice(body, [...tools.caps, ...lowered]);
    },
  };
}

function demandOf(
  fields: RequestObject,
  { model, maxTokens, tools }: { model: string; maxTokens: number; tools: ReadTools },
): CallDemand {
  const input = readInput(fields);
  const tier = fields.text('service_tier');
  const geography = fields.text('inference_geo');
  const fallbacks = readFallbacks(fields);
  return {
    model,
    inputTokensMost: input.tokensMost + tools.promptTokensMost,
    inputUnseen: input.unseen || tools.inputUnseen,
    inputMayHoldAudio: false,
    inputMayHoldImages: input.images > 0,
    cacheWrite: cacheWriteOf(fields),
    outputLimit: maxTokens,
    candidates: 1,
    thinkingBudget: fields.object('thinking')?.integer(0, 'budget_tokens') ?? 0,
    outputMayHoldAudio: false,
    outputMayHoldImages: false,
    // `auto` may be served on the organisation's priority capacity.
    ...(tier === 'standard_only' && { serviceTier: 'standard' as const }),
    fast: fields.text('speed') === 'fast' || fallbacks.fast,
    ...(geography !== undefined && { geography: geography === 'us' ? ('us' as const) : ('any' as const) }),
    serverTools: tools.serverTools,
    otherModels: [...tools.otherModels, ...fallbacks.models, ...(compacts(fields) ? [model] : [])],
  };
}

/**
 * Models that Anthropic turns to when the one asked for declines. `"default"` leaves their choice to Anthropic: passed
 * on as it is, a name on no price sheet, it is bounded by the dearest model there is.
 */
function readFallbacks(fields: RequestObject): { readonly models: readonly string[]; readonly fast: boolean } {
  const name = 'fallbacks';
  if (fields.json(name) === '"default"') return { models: [PROVIDERS_CHOICE], fast: false };
  const fallbacks = fields.objects(name);
  const models = fallbacks.map((each) => {
    const model = each.text('model');
    if (!model) throw each.wrong('model', 'must name a model');
    return model;
  });
  return { models, fast: fallbacks.some((each) => each.text('speed') === 'fast') };
}

/** Anthropic may summarise the conversation in an invocation of its own, which is not in the answer's totals. */
function compacts(fields: RequestObject): boolean {
  const edits = fields.object('context_management')?.objects('edits') ?? [];
  return edits.some((edit) => edit.text('type')?.startsWith('compact_'));
}
