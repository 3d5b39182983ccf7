/** Reads a Responses request: what it can cost at the most, and the bytes to send in its place. */
import { TOOL_ALLOWANCE } from '../../core/pricing/bound.ts';
import type { CallDemand } from '../../core/pricing/demand.ts';
import type { ServiceTier } from '../../core/pricing/usage.ts';
import { RequestObject } from '../framing/fields.ts';
import { setMembers, splice } from '../framing/splice.ts';
import type { WireRequest } from '../framing/wire.ts';
import { INPUT_WATCH, readInput } from './input.ts';
import { readTools, type ServerTools } from './tools.ts';

/** Throws `Refused(invalid)` for a body, or a priced field, that is not what OpenAI's reference says. */
export function readRequest(body: Uint8Array): WireRequest {
  const fields = RequestObject.ofBody(body, INPUT_WATCH);
  const model = fields.text('model');
  if (!model) throw fields.wrong('model', 'must name a model; beside a prompt template too, since it is priced first');
  refuseUnmetered(fields);
  const stated = fields.integer(1, 'max_output_tokens');
  const tools = readTools(fields);
  return {
    model,
    stream: fields.flag('stream') ?? false,
    demand: demandOf(fields, model, stated, tools),
    forward: (outputLimit) =>
      splice(
        body,
        setMembers(fields.scanned, {
          ...(tools.uncapped && { max_tool_calls: String(TOOL_ALLOWANCE.uncappedUses) }),
          ...(outputLimit !== undefined && { max_output_tokens: String(Math.min(outputLimit, stated ?? outputLimit)) }),
        }),
      ),
  };
}

function demandOf(fields: RequestObject, model: string, stated: number | undefined, tools: ServerTools): CallDemand {
  const input = readInput(fields, model);
  const tier = pinnedTier(fields);
  return {
    model,
    inputTokensMost: input.tokensMost,
    inputUnseen: input.unseen || ELSEWHERE.some((field) => fields.has(field)),
    inputMayHoldAudio: input.mayHoldAudio,
    inputMayHoldImages: input.mayHoldImages,
    cacheWrite: '5m',
    ...(stated !== undefined && { outputLimit: stated }),
    candidates: 1,
    thinkingBudget: 0,
    outputMayHoldAudio: false,
    outputMayHoldImages: tools.drawers.length > 0,
    ...(tier && { serviceTier: tier }),
    fast: false,
    serverTools: tools.demands,
    // Compaction is one more invocation of the model itself.
    otherModels: fields.has('context_management') ? [...tools.drawers, model] : tools.drawers,
  };
}

/** Where the input may lie that is not in the request: an earlier response, a conversation, a prompt template. */
const ELSEWHERE = ['previous_response_id', 'conversation', 'prompt'] as const;

/** What is billed but never reported to the one who asked, or bounded by nothing. */
function refuseUnmetered(fields: RequestObject): void {
  if (fields.flag('background')) {
    throw fields.wrong('background', 'cannot be true here: its usage is not in the answer, so it cannot be metered');
  }
  if (fields.has('multi_agent')) {
    throw fields.wrong('multi_agent', 'cannot be given here: nothing bounds what the agents would cost');
  }
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
