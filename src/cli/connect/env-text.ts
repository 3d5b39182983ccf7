import { type Setting, Uneditable } from './setting.ts';

/**
 * Sets variables in a `.env` text and leaves every other line as it was. A variable that is there keeps its place, its
 * `export` and its line; one that is not is added at the end. A second run changes nothing.
 *
 * @param text the file, or `undefined` where there is none yet
 * @param settings paths of one name; values of letters, digits and the punctuation of addresses and keys
 * @throws Uneditable when a value would need quoting, or an assignment to replace spans lines
 */
export function setEnv(text: string | undefined, settings: readonly Setting[]): string {
  return settings.reduce((lines, { path, value }) => setOne(lines, path.join('.'), value), text ?? '');
}

/** The value a `.env` text gives a variable, unquoted; the last assignment wins. */
export function readEnv(text: string, name: string): string | undefined {
  const last = text.split(/\r?\n/).findLast((line) => assignmentOf(line, name));
  return (
    last &&
    assignmentOf(last, name)
      ?.value.trim()
      .replace(/^(["'])(.*)\1$/, '$2')
  );
}

function setOne(text: string, name: string, value: string): string {
  if (!/^[\w.:/@%+-]+$/.test(value)) throw new Uneditable(`the value of ${name} would need quoting`);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.split(/\r?\n/);
  if (readEnv(text, name) === value) return text;
  if (!lines.some((line) => assignmentOf(line, name))) {
    const gap = text === '' || text.endsWith('\n') ? '' : eol;
    return `${text}${gap}${name}=${value}${eol}`;
  }
  return lines.map((line) => replaced(line, name, value)).join(eol);
}

function replaced(line: string, name: string, value: string): string {
  const assignment = assignmentOf(line, name);
  if (!assignment) return line;
  const quote = /^\s*(["'`])/.exec(assignment.value)?.[1];
  if (quote && assignment.value.split(quote).length < 3) throw new Uneditable(`the value of ${name} spans lines`);
  return `${assignment.head}${value}`;
}

function assignmentOf(line: string, name: string): { head: string; value: string } | undefined {
  const match = /^(\s*(?:export\s+)?([A-Za-z_]\w*)\s*=)(.*)$/.exec(line);
  if (!match || match[2] !== name) return undefined;
  return { head: match[1] ?? '', value: match[3] ?? '' };
}
