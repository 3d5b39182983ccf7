/** Where a client puts its key. All clients' places are read on every wire, and two that differ are refused. */

/** Bearer token of an Authorization value, or nothing. */
function bearer(authorization: string): string | undefined {
  return /^bearer +(\S+) *$/i.exec(authorization)?.[1];
}

function queryKeys(query: string): readonly string[] {
  const parts = query.split('&').filter((each) => each.startsWith('key='));
  return parts.map((part) => part.slice('key='.length));
}

/**
 * The key a request presents: `Authorization: Bearer`, `x-api-key`, `x-goog-api-key` or `?key=`. Each header has all
 * its values. `undefined` when there is none, or when two places or two values of one disagree: whoever sends two keys
 * must not choose which is checked.
 */
export function presentedKey(
  headers: Readonly<Record<string, readonly string[] | undefined>>,
  query: string,
): string | undefined {
  const { authorization = [], 'x-api-key': apiKey = [], 'x-goog-api-key': googKey = [] } = headers;
  const presented = [...authorization.map(bearer), ...apiKey, ...googKey, ...queryKeys(query)];
  const keys = presented.filter((key) => key !== undefined && key !== '');
  return keys.every((key) => key === keys[0]) ? keys[0] : undefined;
}
