/** Counts generated text in an event without parsing it: what a call is charged by when its usage report never comes. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const SPACE = 0x20;
const LOWER_U = 0x75;

/**
 * UTF-8 bytes of every string member of these names anywhere in JSON, escapes resolved (a `\u` escape counts as three
 * bytes, the most it can be). A string cannot be mistaken for a key: inside it, quotes are escaped.
 * @param keys the members' names in plain ASCII, as the bytes of `"name"` with its quotes
 */
export function stringMemberBytes(json: Uint8Array, keys: readonly Uint8Array[]): number {
  let sum = 0;
  for (let at = json.indexOf(QUOTE); at >= 0; at = json.indexOf(QUOTE, at + 1)) {
    const end = json[at - 1] === BACKSLASH ? at : keyEnd(json, at, keys);
    if (end === at) continue;
    const colon = skipSpaces(json, end);
    const start = skipSpaces(json, colon + 1);
    if (json[colon] === COLON && json[start] === QUOTE) sum += stringBytes(json, start + 1);
  }
  return sum;
}

/** The offset behind the key that begins at `at`; `at` itself when it is none of those. */
function keyEnd(json: Uint8Array, at: number, keys: readonly Uint8Array[]): number {
  for (const key of keys) {
    let i = 0;
    while (i < key.length && json[at + i] === key[i]) i++;
    if (i === key.length) return at + i;
  }
  return at;
}

function skipSpaces(json: Uint8Array, from: number): number {
  let at = from;
  while (json[at] === SPACE) at++;
  return at;
}

function stringBytes(json: Uint8Array, from: number): number {
  let bytes = 0;
  for (let at = from; at < json.length && json[at] !== QUOTE; at++) {
    if (json[at] === BACKSLASH) {
      const unicode = json[at + 1] === LOWER_U;
      at += unicode ? 5 : 1;
      bytes += unicode ? 2 : 0;
    }
    bytes++;
  }
  return bytes;
}
