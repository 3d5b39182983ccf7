import { isDeepStrictEqual } from 'node:util';
import { parse, type TomlTable } from 'smol-toml';
import { type Setting, Uneditable } from './setting.ts';

/**
 * Sets strings in a TOML text and leaves every other byte as it was.
 *
 * No TOML writer keeps comments, so this proposes edits of single lines and takes the first one that a parser proves to
 * mean exactly "what was there, and the setting": a line inside a multi-line string that looks like the key cannot
 * fool it, because changing that line would not have the meaning asked for.
 *
 * @param text the file, or `undefined` where there is none yet
 * @param settings bare keys in their paths
 * @throws Uneditable when the text is not TOML, or when no proposal can be proven (an inline table, say)
 */
export function setToml(text: string | undefined, settings: readonly Setting[]): string {
  return settings.reduce(setOne, text ?? '');
}

/** What a TOML text holds at `path`; `undefined` when nothing does, or when the text is no TOML. */
export function readToml(text: string, path: readonly string[]): unknown {
  try {
    return path.reduce<unknown>((table, key) => (isTable(table) ? table[key] : undefined), parse(text));
  } catch {
    return undefined;
  }
}

function setOne(text: string, setting: Setting): string {
  const meant = setIn(parsed(text), setting);
  if (means(text, meant)) return text;
  const proven = proposals(text, setting).find((proposal) => means(proposal, meant));
  if (proven === undefined)
    throw new Uneditable(`"${setting.path.join('.')}" is written in a way that only you can change`);
  return proven;
}

function parsed(text: string): TomlTable {
  try {
    return parse(text);
  } catch (cause) {
    const [why = 'it does not parse'] = cause instanceof Error ? cause.message.split('\n') : [];
    throw new Uneditable(`it is not valid TOML (${why})`);
  }
}

function means(text: string, meant: TomlTable): boolean {
  try {
    return isDeepStrictEqual(parse(text), meant);
  } catch {
    return false;
  }
}

function setIn(root: TomlTable, { path, value }: Setting): TomlTable {
  let table = root;
  for (const key of path.slice(0, -1)) {
    const inner = table[key];
    const next = isTable(inner) ? inner : parse('');
    table[key] = next;
    table = next;
  }
  table[path.at(-1) ?? ''] = value;
  return root;
}

function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Texts that may be what is meant, the least intrusive first. */
function proposals(text: string, { path, value }: Setting): string[] {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.split(/\r?\n/);
  const key = path.at(-1) ?? '';
  const line = `${key} = ${JSON.stringify(value)}`;
  const at = (index: number, removed: number, added: string) => lines.toSpliced(index, removed, added).join(eol);
  const rows = lines.map((content, index) => ({ content, index }));

  const replacing = rows.flatMap(({ content, index }) => {
    const head = assignmentOf(content, key);
    if (head === undefined) return [];
    const comment = /\s+#[^"']*$/.exec(content)?.[0] ?? '';
    return [at(index, 1, `${head}${JSON.stringify(value)}${comment}`), at(index, 1, head + JSON.stringify(value))];
  });
  if (path.length === 1) return [...replacing, at(endOfPreamble(lines), 0, line)];

  const header = `[${path.slice(0, -1).join('.')}]`;
  const inserting = rows
    .filter(({ content }) => content.replaceAll(/[\s"']|#.*$/g, '') === header)
    .map(({ index }) => at(lastLineOfTable(lines, index) + 1, 0, line));
  const ended = text === '' || text.endsWith('\n') ? text : text + eol;
  const gap = ended.trim() === '' ? '' : eol;
  return [...replacing, ...inserting, `${ended}${gap}${header}${eol}${line}${eol}`];
}

function assignmentOf(line: string, key: string): string | undefined {
  const match = /^(\s*(?:[\w-]+\s*\.\s*)*["']?([\w-]+)["']?\s*=\s*)/.exec(line);
  return match?.[2] === key ? match[1] : undefined;
}

/** Root keys must stand before the first table; after a file's opening comment they do not take it for theirs. */
function endOfPreamble(lines: readonly string[]): number {
  const first = lines.findIndex((line) => !line.startsWith('#'));
  return first > 0 && lines[first]?.trim() === '' ? first + 1 : 0;
}

function lastLineOfTable(lines: readonly string[], header: number): number {
  let last = header;
  for (let at = header + 1; at < lines.length && !/^\s*\[/.test(lines[at] ?? ''); at += 1) {
    if ((lines[at] ?? '').trim() !== '') last = at;
  }
  return last;
}
