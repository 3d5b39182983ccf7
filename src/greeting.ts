/** What `stipend serve` says to the person who started it. Only words; serve.ts prints them. */

/** Where each provider's calls go: to it, or to the sandbox. */
export type Destinations = Readonly<Record<string, string>>;

export interface Readiness {
  readonly address: string;
  /** Where the command line looks for a server unless it is told. */
  readonly defaultAddress: string;
  /** Whether this start made the admin key, and `adminKeyWords` showed it. */
  readonly madeAdminKey: boolean;
  readonly destinations: Destinations;
}

/** Said as soon as the key is made, since what comes after may fail and the key is shown this once. */
export function adminKeyWords(key: string): string {
  return `The admin key, shown this once; keep it:\n\n  export STIPEND_ADMIN_KEY=${key}\n\n`;
}

export function readyWords({ address, defaultAddress, madeAdminKey, destinations }: Readiness): string {
  return [
    `Stipend is ready at ${address}   (Ctrl-C stops it)`,
    '',
    `  tools       point Claude Code, Codex CLI, Gemini CLI and SDKs at ${address} with a personal key`,
    `  API         ${address}/api/v1   (described at ${address}/api/v1/openapi.json)`,
    `  sign in     ${madeAdminKey ? 'with the admin key above' : 'with your admin key: export STIPEND_ADMIN_KEY=…'}`,
    ...(address === defaultAddress ? [] : [`  commands    find it with: export STIPEND_URL=${address}`]),
    `  providers   ${providerWords(destinations)}`,
    '',
  ].join('\n');
}

function providerWords(destinations: Destinations): string {
  const names = Object.keys(destinations);
  const sandboxed = names.filter((name) => destinations[name] === 'sandbox');
  if (sandboxed.length === names.length) return 'none configured: the built-in sandbox answers, on test money';
  const live = names.filter((name) => !sandboxed.includes(name)).join(', ');
  return sandboxed.length === 0 ? live : `${live}; in place of ${sandboxed.join(', ')} the built-in sandbox`;
}

/** Said when a signal has come; `most` is how long calls may take to end, in seconds. */
export function stoppingWords(openCalls: number, most: number): string {
  if (openCalls === 0) return 'stipend: stopping\n';
  const calls = openCalls === 1 ? '1 call has' : `${openCalls} calls have`;
  return `stipend: stopping; ${calls} up to ${most} s to end\n`;
}
