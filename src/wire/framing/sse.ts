/**
 * Server-sent events read as they pass, cut anywhere (WHATWG HTML, section 9.2: CR, LF or CRLF, several data lines,
 * comments, a byte order mark). The pieces returned, laid end to end, are the bytes that came in.
 */
import { concatBytes } from './splice.ts';

export interface SsePiece {
  /** The bytes of this piece, its closing blank line included. */
  readonly raw: Uint8Array;
  /** The event's name; empty when it has none. All parts of an event that is passed on unread have it. */
  readonly event: string;
  /** Its data, lines joined by LF. Absent in a comment, an event without data, and a part that is passed on unread. */
  readonly data?: Uint8Array;
  /** A part of an event larger than the limit. */
  readonly unread?: true;
}

/** An event above this is passed on unread rather than held. */
export const SSE_EVENT_BYTES_MOST = 1_048_576;

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;
const EMPTY = new Uint8Array(0);
const TEXT = new TextDecoder();

export class SseReader {
  readonly #bytesMost: number;
  /** The event that is not yet complete: `#held` up to `#heldBytes`; its lines read so far are in `#event`, `#data`. */
  #held = EMPTY;
  #heldBytes = 0;
  #lineStart = 0;
  #event = '';
  #data: { start: number; end: number }[] = [];
  #afterCr = false;
  #firstLine = true;
  /** The event at hand is larger than the limit: its bytes pass, only its end is looked for. */
  #unread = false;

  constructor(bytesMost: number = SSE_EVENT_BYTES_MOST) {
    this.#bytesMost = bytesMost;
  }

  /** Takes the next bytes; returns the events they complete. Events within one chunk are views into it. */
  push(chunk: Uint8Array): readonly SsePiece[] {
    const bytes = this.#heldBytes === 0 ? chunk : this.#hold(chunk);
    const pieces: SsePiece[] = [];
    let start = 0;
    for (let at = bytes.length - chunk.length; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte !== LF && byte !== CR) {
        this.#afterCr = false;
        continue;
      }
      const pairedLf = byte === LF && this.#afterCr;
      this.#afterCr = byte === CR;
      if (pairedLf) {
        this.#lineStart = at + 1;
        continue;
      }
      const lineStart = this.#lineStart;
      this.#lineStart = at + 1;
      if (at > lineStart) this.#readLine(bytes, start, lineStart, at);
      else {
        // The LF of a CRLF belongs to the event it ends, when it is here already.
        const end = byte === CR && bytes[at + 1] === LF ? at + 2 : at + 1;
        pieces.push(this.#take(bytes, start, end));
        start = end;
      }
    }
    this.#keep(bytes, start, pieces);
    return pieces;
  }

  /** The bytes have ended; returns what was left, as an event if it reads as one. */
  end(): SsePiece | undefined {
    if (this.#heldBytes === 0) return undefined;
    const bytes = this.#held.subarray(0, this.#heldBytes);
    if (this.#lineStart < bytes.length) this.#readLine(bytes, 0, this.#lineStart, bytes.length);
    this.#held = EMPTY;
    this.#heldBytes = 0;
    return this.#take(bytes, 0, bytes.length);
  }

  /** Appends to what is held, in room that at least doubles: bytes that come one by one are not copied each time. */
  #hold(chunk: Uint8Array): Uint8Array {
    const length = this.#heldBytes + chunk.length;
    if (length > this.#held.length) {
      const wider = new Uint8Array(Math.max(length, 2 * this.#held.length));
      wider.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = wider;
    }
    this.#held.set(chunk, this.#heldBytes);
    this.#heldBytes = length;
    return this.#held.subarray(0, length);
  }

  /** Holds what is behind the last complete event, or passes it on when it has become too large. */
  #keep(bytes: Uint8Array, start: number, pieces: SsePiece[]): void {
    const rest = bytes.subarray(start);
    this.#lineStart -= start;
    if (this.#unread || rest.length > this.#bytesMost) {
      this.#unread = true;
      this.#data = [];
      // A line that has begun stays begun: the next line end must not look like a blank line.
      this.#lineStart = this.#lineStart < rest.length ? -1 : 0;
      if (rest.length > 0) pieces.push({ raw: rest, event: this.#event, unread: true });
      this.#held = EMPTY;
      this.#heldBytes = 0;
      return;
    }
    if (start === 0 && this.#heldBytes > 0) return;
    // Events cut from it are views into the old room, so what is held moves to a new one.
    this.#held = rest.slice();
    this.#heldBytes = rest.length;
  }

  #take(bytes: Uint8Array, start: number, end: number): SsePiece {
    const raw = bytes.subarray(start, end);
    const [only, ...others] = this.#data.map((line) => raw.subarray(line.start, line.end));
    const event = this.#event;
    this.#event = '';
    const unread = this.#unread;
    this.#data = [];
    this.#unread = false;
    if (unread) return { raw, event, unread };
    if (!only) return { raw, event };
    return { raw, event, data: others.length === 0 ? only : joinLines([only, ...others]) };
  }

  #readLine(bytes: Uint8Array, eventStart: number, lineStart: number, end: number): void {
    let start = lineStart;
    if (this.#firstLine) {
      this.#firstLine = false;
      if (BYTE_ORDER_MARK.every((byte, i) => bytes[start + i] === byte)) start += BYTE_ORDER_MARK.length;
    }
    if (this.#unread) return;
    const data = valueStart(bytes, start, end, 'data');
    if (data !== undefined) this.#data.push({ start: data - eventStart, end: end - eventStart });
    const event = valueStart(bytes, start, end, 'event');
    if (event !== undefined) this.#event = TEXT.decode(bytes.subarray(event, end));
  }
}

/** Where the value begins in a line `name: value`, one space after the colon left out; `undefined` for another name. */
function valueStart(bytes: Uint8Array, start: number, end: number, name: string): number | undefined {
  for (let i = 0; i < name.length; i++) if (bytes[start + i] !== name.charCodeAt(i)) return undefined;
  const at = start + name.length;
  if (at === end) return end;
  if (at > end || bytes[at] !== COLON) return undefined;
  return at + 1 < end && bytes[at + 1] === SPACE ? at + 2 : at + 1;
}

function joinLines(lines: readonly Uint8Array[]): Uint8Array {
  return concatBytes(lines.flatMap((line, i) => (i === 0 ? [line] : [Uint8Array.of(LF), line])));
}
