/** Which of a provider's headers go back towards the client. */
import { namedByConnection } from './request-headers.ts';

type Headers = Readonly<Record<string, string | string[]>>;

/**
 * Of one connection; or a word about the provider's own site (cookies, policies for browsers, where to go instead)
 * that would be taken for a word about Stipend.
 */
const NEVER_PASSED = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'set-cookie',
  'set-cookie2',
  'clear-site-data',
  'www-authenticate',
  'location',
  'content-location',
  'refresh',
  'link',
  'alt-svc',
  'nel',
  'report-to',
  'reporting-endpoints',
  'strict-transport-security',
  'content-security-policy',
  'content-security-policy-report-only',
  'server',
  'via',
]);
const NEVER_PASSED_PREFIXES = ['x-stipend-', 'access-control-'];

/** The provider's answer headers that concern the client: limits, request ids, retry advice, the content itself. */
export function responseHeaders(provider: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const named = namedByConnection(provider['connection']);
  const passing: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(provider)) {
    const lower = name.toLowerCase();
    if (value === undefined || NEVER_PASSED.has(lower) || named.has(lower)) continue;
    if (NEVER_PASSED_PREFIXES.some((prefix) => lower.startsWith(prefix))) continue;
    passing[lower] = value;
  }
  return passing;
}
