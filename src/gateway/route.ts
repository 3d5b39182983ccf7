/**
 * Which wire a request speaks, from its method and path alone. Paths are compared byte for byte: nothing is decoded or
 * tidied, so a path that merely looks like a route (`//v1/messages`, `%2Fv1`, `..`) is no route.
 */
import type { WireName } from '../wire/framing/wire.ts';

/** What a route does with a call. `free` routes need a key but no budget. */
export type RouteKind = 'metered' | 'free' | 'models';

export interface Route {
  readonly wire: WireName;
  readonly kind: RouteKind;
  /** The wire's own name for what is asked. */
  readonly action: string;
  /** The model, where the path carries it. */
  readonly model?: string;
  /** Path and query as the provider knows them, without a key. */
  readonly upstreamPath: string;
  readonly query: string;
}

/** A path with no route: whose dialect to refuse it in, and whether another method would have found one. */
export interface NoRoute {
  readonly wire: WireName;
  readonly reason: 'not_found' | 'method_not_allowed';
}

interface FixedRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly wire: WireName;
  readonly kind: RouteKind;
  readonly action: string;
}

type Prefix = 'anthropic' | 'openai' | 'gemini';

/** Every route but Gemini's, whose paths carry the model. The route-table test walks this list. */
export const FIXED_ROUTES: Readonly<Record<Prefix, readonly FixedRoute[]>> = {
  anthropic: [
    { method: 'POST', path: '/v1/messages', wire: 'anthropic-messages', kind: 'metered', action: 'messages' },
    {
      method: 'POST',
      path: '/v1/messages/count_tokens',
      wire: 'anthropic-messages',
      kind: 'free',
      action: 'count_tokens',
    },
    { method: 'GET', path: '/v1/models', wire: 'anthropic-messages', kind: 'models', action: 'models' },
  ],
  openai: [
    { method: 'POST', path: '/v1/chat/completions', wire: 'openai-chat', kind: 'metered', action: 'chat' },
    { method: 'POST', path: '/v1/responses', wire: 'openai-responses', kind: 'metered', action: 'responses' },
    { method: 'POST', path: '/v1/embeddings', wire: 'openai-embeddings', kind: 'metered', action: 'embeddings' },
    { method: 'GET', path: '/v1/models', wire: 'openai-chat', kind: 'models', action: 'models' },
  ],
  gemini: [{ method: 'GET', path: '/v1beta/models', wire: 'gemini', kind: 'models', action: 'models' }],
};

/** Gemini's actions on a model, `POST /v1beta/models/{model}:{action}`. */
export const GEMINI_ACTIONS: Readonly<Record<string, RouteKind>> = {
  generateContent: 'metered',
  streamGenerateContent: 'metered',
  countTokens: 'free',
  embedContent: 'metered',
  batchEmbedContents: 'metered',
};

const GEMINI_CALL = /^\/v1beta\/models\/([A-Za-z0-9][A-Za-z0-9._-]{0,127}):([A-Za-z]+)$/;
const PREFIX = /^\/(anthropic|openai|gemini)(?=\/|$)/;

/** Splits a request target; absolute form (`http://host/path`) is the same route as its path. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const origin = /^https?:\/\/[^/?#]*/i.exec(target);
  const rest = origin ? target.slice(origin[0].length) || '/' : target;
  const mark = rest.indexOf('?');
  return mark < 0 ? { path: rest, query: '' } : { path: rest.slice(0, mark), query: rest.slice(mark + 1) };
}

/** The query as it may go on: our `key` is nobody else's business. */
export function queryWithoutKey(query: string): string {
  return query
    .split('&')
    .filter((part) => part !== '' && part !== 'key' && !part.startsWith('key='))
    .join('&');
}

function wireOf(prefix: Prefix): WireName {
  return prefix === 'anthropic' ? 'anthropic-messages' : prefix === 'openai' ? 'openai-chat' : 'gemini';
}

/** At the root no prefix says whose dialect is spoken; the path or Anthropic's version header does. */
function speakerAtRoot(path: string, headers: Readonly<Record<string, unknown>>): Prefix {
  if (path.startsWith('/v1beta')) return 'gemini';
  if (path.startsWith('/v1/messages') || headers['anthropic-version'] !== undefined) return 'anthropic';
  return 'openai';
}

function geminiRoute(method: string, path: string, upstreamPath: string, query: string): Route | NoRoute | undefined {
  const call = GEMINI_CALL.exec(path);
  if (!call) return undefined;
  const [, model = '', action = ''] = call;
  const kind = Object.hasOwn(GEMINI_ACTIONS, action) ? GEMINI_ACTIONS[action] : undefined;
  if (!kind) return { wire: 'gemini', reason: 'not_found' };
  if (method !== 'POST') return { wire: 'gemini', reason: 'method_not_allowed' };
  return { wire: 'gemini', kind, action, model, upstreamPath, query };
}

/** The route of a request, or whose dialect to refuse it in. Header names are lower case. */
export function findRoute(method: string, target: string, headers: Readonly<Record<string, unknown>>): Route | NoRoute {
  const { path: fullPath, query } = splitTarget(target);
  const prefixed = PREFIX.exec(fullPath)?.[1] as Prefix | undefined;
  const path = prefixed ? fullPath.slice(prefixed.length + 1) : fullPath;
  const speaker = prefixed ?? speakerAtRoot(path, headers);
  const forwardQuery = queryWithoutKey(query);
  const upstreamPath = forwardQuery === '' ? path : `${path}?${forwardQuery}`;

  if (speaker === 'gemini') {
    const gemini = geminiRoute(method, path, upstreamPath, query);
    if (gemini) return gemini;
  }
  const here = FIXED_ROUTES[speaker].filter((route) => route.path === path);
  const route = here.find((each) => each.method === method);
  if (route) return { wire: route.wire, kind: route.kind, action: route.action, upstreamPath, query };
  return { wire: here[0]?.wire ?? wireOf(speaker), reason: here.length > 0 ? 'method_not_allowed' : 'not_found' };
}
