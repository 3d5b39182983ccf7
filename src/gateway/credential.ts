/** Where a client puts its key. All clients' places are read on every wire, and two that differ are refused. */

/** Bearer token of an Authorization value, or nothing. */
function bearer(authorization: string | undefined): string | undefined {
  const match = authorization === undefined ? null : /^bearer +(\S+) *$/i.exec(authorization);
  return match?.[1];
}

function queryKey(query: string): string | undefined {
  const part = query.split('&').find((each) => each.startsWith('key='));
  return part === undefined ? undefined : part.slice('key='.length);
}

/**
 * The key a request presents: `Authorization: Bearer`, `x-api-key`, `x-goog-api-key` or `?key=`.
 * `undefined` when there is none, or when two places disagree: whoever sends two keys must not choose which is checked.
 */
export function presentedKey(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  query: string,
): string | undefined {
  const { authorization, 'x-api-key': apiKey, 'x-goog-api-key': googKey } = headers;
  const places = [authorization, apiKey, googKey].map((value) => (Array.isArray(value) ? value.join(',') : value));
  const keys = [bearer(places[0]), places[1], places[2], queryKey(query)].filter(
    (key) => key !== undefined && key !== '',
  );
  return keys.every((key) => key === keys[0]) ? keys[0] : undefined;
}
