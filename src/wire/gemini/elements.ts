/** The objects of a long JSON array, read as it passes, cut anywhere. */
import { concatBytes } from '../framing/splice.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

export interface ElementPiece {
  readonly raw: Uint8Array;
  /** A whole object; absent for a part of one that is passed on unread. */
  readonly data?: Uint8Array;
  /** A part of an object larger than the limit. */
  readonly unread?: true;
}

export class ElementReader {
  readonly #bytesMost: number;
  /** The element at hand, as it came. */
  #parts: Uint8Array[] = [];
  #bytes = 0;
  /** How deep in braces and brackets the last byte was; 0 between elements. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #unread = false;

  constructor(bytesMost: number) {
    this.#bytesMost = bytesMost;
  }

  /** Takes the next bytes; returns the objects they complete. What stands between objects is left out. */
  push(chunk: Uint8Array): readonly ElementPiece[] {
    const pieces: ElementPiece[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const outside = this.#depth === 0;
      if (outside && chunk[at] !== OPEN_BRACE) continue;
      if (outside) start = at;
      this.#step(chunk[at]);
      if (this.#depth > 0) continue;
      pieces.push(this.#complete(chunk.subarray(start, at + 1)));
    }
    if (this.#depth > 0) this.#keep(chunk.subarray(start), pieces);
    return pieces;
  }

  /** An object that broke off cannot be read. */
  end(): undefined {
    this.#parts = [];
  }

  #step(byte: number | undefined): void {
    if (this.#escaped) this.#escaped = false;
    else if (this.#inString) {
      if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inString = false;
    } else if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) this.#depth--;
  }

  #complete(last: Uint8Array): ElementPiece {
    const unread = this.#unread;
    const raw = this.#parts.length === 0 ? last : concatBytes([...this.#parts, last]);
    this.#parts = [];
    this.#bytes = 0;
    this.#unread = false;
    return unread ? { raw, unread } : { raw, data: raw };
  }

  #keep(part: Uint8Array, pieces: ElementPiece[]): void {
    this.#parts.push(part);
    this.#bytes += part.length;
    if (!this.#unread && this.#bytes <= this.#bytesMost) return;
    this.#unread = true;
    pieces.push({ raw: concatBytes(this.#parts), unread: true });
    this.#parts = [];
  }
}
