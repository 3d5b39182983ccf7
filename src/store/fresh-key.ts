/** Draws the text of a new key. */
import { randomBytes } from 'node:crypto';
import { type KeyKind, SECRET_BYTES, writeKey } from '../core/keys/key-text.ts';

/** A key for this id with a secret from the system's random source. */
export function freshKey(kind: KeyKind, id: string): string {
  for (;;) {
    const text = writeKey(kind, id, randomBytes(SECRET_BYTES));
    if (text !== undefined) return text;
  }
}
