/** Where on a provider's own address a call goes. */
import type { ProviderName } from '../app/ports.ts';

/** Query parameters by which the providers accept a credential. */
const CREDENTIAL_PARAMETERS = new Set(['key', 'api_key', 'access_token', 'oauth_token']);

/**
 * The path and query to send. `basePath` is that of the base URL, which for OpenAI ends with the `/v1` that the call's
 * path begins with. `undefined`: a path that is none of a provider's, or could mean another place than it says (`..`,
 * `//`, `%2e`).
 */
export function providerPath(provider: ProviderName, basePath: string, path: string): string | undefined {
  const mark = path.indexOf('?');
  const plain = mark < 0 ? path : path.slice(0, mark);
  if (!/^\/v1[\w-]*\/[\w.:/@~-]+$/.test(plain)) return undefined;
  if (plain.split('/').some((segment, at) => segment === '.' || segment === '..' || (segment === '' && at > 0))) {
    return undefined;
  }
  const base = basePath.replace(/\/+$/, '');
  const below = provider === 'openai' ? plain.replace(/^\/v1(?=\/)/, '') : plain;
  return `${base}${below}${mark < 0 ? '' : withoutCredential(path.slice(mark + 1))}`;
}

function withoutCredential(query: string): string {
  const kept = query.split('&').filter((part) => {
    const [name] = new URLSearchParams(part).keys();
    return name !== undefined && !CREDENTIAL_PARAMETERS.has(name.toLowerCase());
  });
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}
