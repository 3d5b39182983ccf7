/** The list of models as Anthropic's `GET /v1/models` has it. */
import type { ListedModel, WireAnswer } from '../framing/wire.ts';

/** No price sheet tells when a model was released; Anthropic gives an epoch value where it is unknown. */
const RELEASED_AT = '1970-01-01T00:00:00Z';

/** All on one page. */
export function listModels(models: readonly ListedModel[]): WireAnswer {
  const data = models.map(({ id, contextTokensMost, outputTokensMost }) => ({
    type: 'model',
    id,
    display_name: id,
    created_at: RELEASED_AT,
    max_input_tokens: contextTokensMost,
    max_tokens: outputTokensMost,
  }));
  const page = { data, has_more: false, first_id: data.at(0)?.id ?? null, last_id: data.at(-1)?.id ?? null };
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: new TextEncoder().encode(JSON.stringify(page)),
  };
}
