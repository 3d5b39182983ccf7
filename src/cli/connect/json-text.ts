import {
  applyEdits,
  findNodeAtLocation,
  modify,
  type ParseError,
  parseTree,
  printParseErrorCode,
  stripComments,
} from 'jsonc-parser';
import { type Setting, Uneditable } from './setting.ts';

/**
 * Sets members of a JSON text and leaves every other byte, comments and trailing commas included, as it was.
 * Members that already have their value are not touched, so that a second run changes nothing.
 *
 * @param text the file, or `undefined` where there is none yet
 * @throws Uneditable when the text is not JSON (with comments), or a parent of a setting is something else than an object
 */
export function setJson(text: string | undefined, settings: readonly Setting[]): string {
  const start = text === undefined || text.trim() === '' ? '{}\n' : text;
  return settings.reduce(setOne, start);
}

/** What a JSON text with comments holds at `path`; `undefined` when nothing does, or when the text is no JSON. */
export function readJson(text: string, path: readonly string[]): unknown {
  const root = parseTree(text, [], { allowTrailingComma: true });
  return root && findNodeAtLocation(root, [...path])?.value;
}

function setOne(text: string, { path, value }: Setting): string {
  const root = parseObject(text);
  for (let depth = 1; depth < path.length; depth += 1) {
    const parent = findNodeAtLocation(root, path.slice(0, depth));
    if (parent && parent.type !== 'object') throw new Uneditable(`"${path.slice(0, depth).join('.')}" is no object`);
  }
  if (findNodeAtLocation(root, [...path])?.value === value) return text;
  const edits = modify(text, [...path], value, {
    formattingOptions: { ...indentationOf(text), eol: text.includes('\r\n') ? '\r\n' : '\n' },
    // A comment after the last member would end up after ours; at the front ours takes nobody's comment.
    ...(stripComments(text) === text ? {} : { getInsertionIndex: () => 0 }),
  });
  return applyEdits(text, edits);
}

function parseObject(text: string) {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first) {
    const line = text.slice(0, first.offset).split('\n').length;
    throw new Uneditable(`it is not valid JSON (${printParseErrorCode(first.error)} on line ${line})`);
  }
  if (root?.type !== 'object') throw new Uneditable('it holds no JSON object');
  return root;
}

function indentationOf(text: string): { insertSpaces: boolean; tabSize: number } {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  return indent.startsWith('\t') ? { insertSpaces: false, tabSize: 1 } : { insertSpaces: true, tabSize: indent.length };
}
