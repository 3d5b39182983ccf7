/** The models that the sandbox lists. It answers under any other name too. */
import { CREATED_AT_SECONDS } from './answer.ts';
import type { Provider } from './routes.ts';

const MODELS: Readonly<Record<Provider, readonly string[]>> = {
  anthropic: ['claude-opus-5', 'claude-sonnet-5', 'claude-haiku-4-5'],
  openai: ['gpt-5.4', 'gpt-5', 'gpt-5-mini', 'text-embedding-3-small'],
  gemini: ['gemini-2.5-pro', 'gemini-2.5-flash', 'gemini-2.5-flash-lite', 'gemini-embedding-001'],
};

/** A provider's list of models, in its own shape. */
export function listOf(provider: Provider): unknown {
  const ids = MODELS[provider];
  switch (provider) {
    case 'anthropic': {
      const created = new Date(CREATED_AT_SECONDS * 1000).toISOString();
      const data = ids.map((id) => ({ type: 'model', id, display_name: id, created_at: created }));
      return { data, has_more: false, first_id: ids[0], last_id: ids.at(-1) };
    }
    case 'openai':
      return {
        object: 'list',
        data: ids.map((id) => ({ id, object: 'model', created: CREATED_AT_SECONDS, owned_by: 'sandbox' })),
      };
    case 'gemini':
      return {
        models: ids.map((id) => ({
          name: `models/${id}`,
          displayName: id,
          inputTokenLimit: 1_048_576,
          outputTokenLimit: 65_536,
          supportedGenerationMethods: id.includes('embedding')
            ? ['embedContent']
            : ['generateContent', 'countTokens', 'createCachedContent'],
        })),
      };
  }
}
