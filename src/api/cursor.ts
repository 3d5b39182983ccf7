/** Cursors of lists: opaque, and refused when anything of them or of the question was changed. */
import { timingSafeEqual } from 'node:crypto';
import { refused } from '../core/errors.ts';

/** A keyed hash of a text; at least 16 bytes. */
export type CursorHash = (text: string) => Uint8Array;

const TAG_BYTES = 16;

/** `place` is the list's own; `question` everything else that was asked, so that a cursor fits no other list. */
export function writeCursor(hash: CursorHash, question: string, place: string): string {
  return Buffer.concat([tagOf(hash, question, place), Buffer.from(place)]).toString('base64url');
}

/** The place that `writeCursor` was given for the same question. Throws `Refused(unprocessable)` for any other text. */
export function readCursor(hash: CursorHash, question: string, cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  const place = bytes.subarray(TAG_BYTES).toString();
  const tag = bytes.subarray(0, TAG_BYTES);
  const isOurs = tag.length === TAG_BYTES && timingSafeEqual(tag, tagOf(hash, question, place));
  // Base64 has several spellings of the same bytes; only ours is taken.
  if (isOurs && bytes.toString('base64url') === cursor) return place;
  throw refused('unprocessable', 'The cursor is none that this list gave for this question.', {
    problems: [{ pointer: '/cursor', message: 'is not one of this list' }],
  });
}

function tagOf(hash: CursorHash, question: string, place: string): Buffer {
  return Buffer.from(hash(JSON.stringify([question, place])).subarray(0, TAG_BYTES));
}
