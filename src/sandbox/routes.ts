/** Which of a provider's endpoints a request means, from its method and target. */

export type Provider = 'anthropic' | 'openai' | 'gemini';

type Action =
  | 'messages'
  | 'count_tokens'
  | 'chat'
  | 'responses'
  | 'embeddings'
  | 'generateContent'
  | 'streamGenerateContent'
  | 'countTokens'
  | 'embedContent'
  | 'batchEmbedContents'
  | 'models';

export interface Route {
  readonly provider: Provider;
  /** Absent: no such endpoint, or none for this method. */
  readonly action?: Action;
  /** The model in the path, for Gemini. */
  readonly model?: string;
  readonly query: URLSearchParams;
}

const PATHS: Readonly<Record<Provider, Readonly<Record<string, Action>>>> = {
  anthropic: {
    'POST /v1/messages': 'messages',
    'POST /v1/messages/count_tokens': 'count_tokens',
    'GET /v1/models': 'models',
  },
  openai: {
    'POST /v1/chat/completions': 'chat',
    'POST /v1/responses': 'responses',
    'POST /v1/embeddings': 'embeddings',
    'GET /v1/models': 'models',
  },
  gemini: { 'GET /v1beta/models': 'models' },
};

const GEMINI_ACTIONS: readonly Action[] = [
  'generateContent',
  'streamGenerateContent',
  'countTokens',
  'embedContent',
  'batchEmbedContents',
];

/** The route of a request; the provider's name may stand before its path, and must where two share one. */
export function routeOf(method: string, target: string, anthropicVersion: boolean): Route {
  const [full = '', query = ''] = target.split('?', 2);
  const [, prefix, rest = full] = /^\/(anthropic|openai|gemini)(\/.*)?$/.exec(full) ?? [];
  const provider = PROVIDERS.find((each) => each === prefix) ?? providerOf(rest, anthropicVersion);
  const found = { provider, query: new URLSearchParams(query) };
  const action = PATHS[provider][`${method} ${rest}`];
  if (action) return { ...found, action };
  const [, model, name] = /^\/v1beta\/models\/([\w.-]+):(\w+)$/.exec(rest) ?? [];
  const called = GEMINI_ACTIONS.find((each) => each === name);
  if (provider === 'gemini' && method === 'POST' && model && called) return { ...found, action: called, model };
  return found;
}

const PROVIDERS: readonly Provider[] = ['anthropic', 'openai', 'gemini'];

function providerOf(path: string, anthropicVersion: boolean): Provider {
  if (path.startsWith('/v1beta')) return 'gemini';
  return anthropicVersion || path.startsWith('/v1/messages') ? 'anthropic' : 'openai';
}
