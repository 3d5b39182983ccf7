/** Reads an embeddings request. Nothing in it needs changing: it has no output and always reports its usage. */
import { RequestObject } from '../framing/fields.ts';
import type { WireRequest } from '../framing/wire.ts';

/**
 * The input is a text, texts, tokens or lists of tokens: of each, a token takes at least one byte of the request.
 * Throws `Refused(invalid)` for a body, or a priced field, that is not what OpenAI's reference says.
 */
export function readRequest(body: Uint8Array): WireRequest {
  const fields = RequestObject.ofBody(body);
  const model = fields.text('model');
  if (!model) throw fields.wrong('model', 'must name a model');
  if (!fields.has('input')) throw fields.wrong('input', 'must be given');
  return {
    model,
    stream: false,
    demand: {
      model,
      inputTokensMost: body.length,
      inputUnseen: false,
      inputMayHoldAudio: false,
      inputMayHoldImages: false,
      cacheWrite: 'none',
      outputLimit: 0,
      candidates: 1,
      thinkingBudget: 0,
      outputMayHoldAudio: false,
      outputMayHoldImages: false,
      serviceTier: 'standard',
      fast: false,
      serverTools: [],
      otherModels: [],
    },
    forward: () => body,
  };
}
