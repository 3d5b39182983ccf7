/** The list of models as the Gemini API's `GET /v1beta/models` has it. */
import type { ListedModel, WireAnswer } from '../framing/wire.ts';

const EMBEDS = ['embedContent', 'batchEmbedContents', 'countTokens'];
const GENERATES = ['generateContent', 'streamGenerateContent', 'countTokens'];

/** All on one page. */
export function listModels(models: readonly ListedModel[]): WireAnswer {
  const listed = models.map(({ id, contextTokensMost, outputTokensMost }) => ({
    name: `models/${id}`,
    displayName: id,
    inputTokenLimit: contextTokensMost,
    outputTokenLimit: outputTokensMost,
    supportedGenerationMethods: id.includes('embedding') ? EMBEDS : GENERATES,
  }));
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: new TextEncoder().encode(JSON.stringify({ models: listed })),
  };
}
