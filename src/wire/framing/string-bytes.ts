/** Counts generated text in an event without parsing it: what a call is charged by when its usage report never comes. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const SPACE = 0x20;
const LOWER_U = 0x75;

/**
 * UTF-8 bytes of every string member of this name anywhere in JSON, escapes resolved (a `\u` escape counts as three
 * bytes, the most it can be). A string cannot be mistaken for a key: inside it, quotes are escaped.
 * @param key the member's name in plain ASCII, quoted: `"text"` with its quotes, as bytes
 */
export function stringMemberBytes(json: Uint8Array, key: Uint8Array): number {
  let sum = 0;
  for (let at = indexAfter(json, key, 0); at > 0; at = indexAfter(json, key, at)) {
    let start = skipSpaces(json, at);
    if (json[start] !== COLON) continue;
    start = skipSpaces(json, start + 1);
    if (json[start] === QUOTE) sum += stringBytes(json, start + 1);
  }
  return sum;
}

function skipSpaces(json: Uint8Array, from: number): number {
  let at = from;
  while (json[at] === SPACE) at++;
  return at;
}

/** The offset behind the next occurrence of `wanted`; 0 when there is none. */
function indexAfter(json: Uint8Array, wanted: Uint8Array, from: number): number {
  for (let at = json.indexOf(QUOTE, from); at >= 0; at = json.indexOf(QUOTE, at + 1)) {
    if (json[at - 1] !== BACKSLASH && wanted.every((byte, i) => json[at + i] === byte)) return at + wanted.length;
  }
  return 0;
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
