/** What a request's headers tell of the tool that sent it: whom to spell for, and what to attribute the call to. */

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const LABEL_LENGTH_MOST = 200;

function label(headers: Headers, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = headers[name];
    if (typeof value === 'string' && value !== '') return value.slice(0, LABEL_LENGTH_MOST);
  }
  return undefined;
}

/** Codex prints a spent budget only in a spelling of its own. It names itself in `originator` and its user agent. */
export function clientKind(headers: Headers): 'codex' | 'other' {
  return [headers.originator, headers['user-agent']].some((name) => typeof name === 'string' && /^codex/i.test(name))
    ? 'codex'
    : 'other';
}

/** The clients' own session and agent ids. They attribute spend; they are never an identity. */
export function attribution(headers: Headers): { readonly session?: string; readonly agent?: string } {
  const session = label(headers, 'x-claude-code-session-id', 'session-id', 'session_id');
  const agent = label(headers, 'x-claude-code-agent-id');
  return { ...(session === undefined ? {} : { session }), ...(agent === undefined ? {} : { agent }) };
}
