/** The list of models as OpenAI's `GET /v1/models` has it. */
import type { ListedModel, WireAnswer } from '../framing/wire.ts';

/** `created` is when OpenAI made the model, which no price sheet tells: 0. */
export function listModels(models: readonly ListedModel[]): WireAnswer {
  const data = models.map(({ id }) => ({ id, object: 'model', created: 0, owned_by: 'openai' }));
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: new TextEncoder().encode(JSON.stringify({ object: 'list', data })),
  };
}
