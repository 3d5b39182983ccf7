/**
 * Reads a request's JSON so that nobody can mean one thing to us and another to a log or a proxy: UTF-8 only, no
 * duplicate names, no names that reach a prototype, no depth that could exhaust a stack. Found on the text, before
 * anything is built from it.
 */
import { refused } from '../core/errors.ts';

const DEPTH_MOST = 32;
/** `constructor` and `prototype` only harm together, but no field of ours is called either. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * A string with its escapes, or a character that opens, closes or separates. Everything else is skipped. A string that
 * never ends matches to the end of the text, so that no text makes the search begin again and again.
 */
const TOKEN = /"(?:[^"\\]|\\.?)*(?:"|$)|[{}[\],:]/gs;

/** The value of a whole JSON document. Throws `Refused(invalid)` for any that it will not read. */
export function readJson(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  requireHarmless(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refused('invalid', `The body is not JSON: ${cause instanceof Error ? cause.message : 'it cannot be read'}.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refused('invalid', 'The body must be a JSON object.');
  }
  return value;
}

function decode(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refused('invalid', 'The body is not UTF-8.');
  }
  if (text.startsWith('\ufeff')) throw refused('invalid', 'The body begins with a byte order mark; JSON has none.');
  return text;
}

function requireHarmless(text: string): void {
  /** The names of each object that is open, null for an array. */
  const open: (Set<string> | null)[] = [];
  let last = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      if (open.length === DEPTH_MOST) throw refused('invalid', `The body is nested deeper than ${DEPTH_MOST} levels.`);
      open.push(token === '{' ? new Set() : null);
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (token === ':') {
      takeName(open.at(-1), last);
    }
    last = token;
  }
}

function takeName(names: Set<string> | null | undefined, token: string): void {
  const name = unescaped(token);
  if (FORBIDDEN.has(name)) throw refused('invalid', `The body has a field named ${name}.`);
  if (names?.has(name)) throw refused('invalid', `The body has the field ${JSON.stringify(name).slice(0, 100)} twice.`);
  names?.add(name);
}

/** What a name says once its escapes are read; text that is no name is left for the parser to refuse. */
function unescaped(token: string): string {
  if (!token.includes('\\')) return token.slice(1, -1);
  try {
    return String(JSON.parse(token));
  } catch {
    return token;
  }
}
