/** What decides whether colour is welcome: a terminal, and nobody who said no (https://no-color.org). */
export function wantsColour(stream: { readonly isTTY?: boolean }, env: Readonly<NodeJS.ProcessEnv>): boolean {
  if (env['NO_COLOR']) return false;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

const CODES = { green: 32, red: 31, yellow: 33, dim: 2, bold: 1 } as const;

/** Wraps text in an SGR style when `colour` is wanted, and leaves it alone when it is not. */
export function paint(text: string, style: keyof typeof CODES, colour: boolean): string {
  return colour ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
}
