/** Which of a client's headers reach a provider, and the credential put on in place of the client's own. */
import type { ProviderName } from '../app/ports.ts';
import { HOPS_HEADER, hopsLeaving } from '../wire/framing/hops.ts';

type Headers = Readonly<Record<string, string | string[]>>;

/** Of one connection (RFC 9110, section 7.6.1), or written anew for the request that leaves. */
const CONNECTION = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'content-length',
  'content-encoding',
  'accept-encoding',
  'expect',
];

/** The client's own credentials, and what would bill another account or act as another under ours. */
const CREDENTIALS = [
  'authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'cookie',
  'openai-organization',
  'openai-project',
  'chatgpt-account-id',
  'x-goog-user-project',
  'x-goog-iam-authorization-token',
];

/** Would turn the request into another one than was priced, or its answer into one without its usage. */
const OVERRIDES = [
  'x-goog-fieldmask',
  'x-http-method-override',
  'x-http-method',
  'x-method-override',
  'x-original-url',
  'x-rewrite-url',
];

/** Tells a provider about the people and the network inside. */
const NETWORK = ['forwarded', 'via', 'x-real-ip', 'true-client-ip', 'origin', 'referer', 'baggage'];
const NETWORK_PREFIXES = ['x-forwarded-', 'x-stipend-', 'cf-', 'x-amzn-', 'x-envoy-', 'x-ms-client-', 'sec-'];

const NEVER_SENT = new Set([...CONNECTION, ...CREDENTIALS, ...OVERRIDES, ...NETWORK]);

/** The version of the Messages API a request without `anthropic-version` means. */
const ANTHROPIC_VERSION = '2023-06-01';

/**
 * The headers of the request that leaves. Everything the client sent passes, such as `anthropic-beta` or its
 * `user-agent`, but for what is listed above. Answers are asked for unencoded, since their bytes are metered.
 */
export function requestHeaders(client: Headers, provider: ProviderName, apiKey: string, instance: string): Headers {
  const hops = client[HOPS_HEADER];
  return {
    ...(provider === 'anthropic' ? { 'anthropic-version': ANTHROPIC_VERSION } : {}),
    ...passingOn(client),
    ...credential(provider, apiKey),
    'accept-encoding': 'identity',
    [HOPS_HEADER]: hopsLeaving(instance, typeof hops === 'string' ? hops : undefined),
  };
}

/** The headers of a request that goes to the built-in sandbox: no credential leaves, not even there. */
export function sandboxHeaders(client: Headers): Headers {
  return { ...passingOn(client), 'accept-encoding': 'identity' };
}

function passingOn(client: Headers): Record<string, string | string[]> {
  const named = namedByConnection(client['connection']);
  const passing: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(client)) {
    const lower = name.toLowerCase();
    if (NEVER_SENT.has(lower) || named.has(lower)) continue;
    if (NETWORK_PREFIXES.some((prefix) => lower.startsWith(prefix))) continue;
    passing[lower] = value;
  }
  return passing;
}

/** Headers that `Connection` declares to be of this connection only. */
export function namedByConnection(connection: string | string[] | undefined): ReadonlySet<string> {
  return new Set(
    [connection ?? []].flat().flatMap((value) => value.split(',').map((name) => name.trim().toLowerCase())),
  );
}

function credential(provider: ProviderName, apiKey: string): Record<string, string> {
  switch (provider) {
    case 'anthropic':
      return { 'x-api-key': apiKey };
    case 'openai':
      return { authorization: `Bearer ${apiKey}` };
    case 'gemini':
      return { 'x-goog-api-key': apiKey };
  }
}
