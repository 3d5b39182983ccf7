/**
 * Secrets at rest. One pepper, the same for every replica, from which each purpose has a key of its own, so that
 * nothing made for one purpose opens or matches another.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a key is derived for. Renaming one makes everything kept under it unreadable. */
type Purpose = 'virtual keys' | 'admin keys' | 'operations' | 'provider credentials' | 'cursors' | 'check';

export const PEPPER_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

export interface Pepper {
  /** HMAC-SHA-256 of a text, 32 bytes. */
  hash(purpose: Purpose, text: string): Buffer;
  /** AES-256-GCM. `bound` is what the secret belongs to: opened for anything else it fails. `more` keys it further. */
  seal(purpose: Purpose, text: string, bound: string, more?: string): Buffer;
  /** Throws when the bytes were changed, or sealed for something else or under another pepper. */
  open(purpose: Purpose, sealed: Uint8Array, bound: string, more?: string): string;
}

/** Throws a RangeError on a pepper too short to protect anything. */
export function createPepper(pepper: Uint8Array): Pepper {
  if (pepper.length < PEPPER_BYTES) throw new RangeError(`a pepper has at least ${PEPPER_BYTES} bytes`);
  const derived = new Map<string, Buffer>();
  const keyFor = (purpose: Purpose): Buffer => {
    const known = derived.get(purpose);
    if (known) return known;
    const key = Buffer.from(hkdfSync('sha256', pepper, '', `stipend ${purpose}`, 32));
    derived.set(purpose, key);
    return key;
  };
  const cipherKey = (purpose: Purpose, more: string | undefined): Uint8Array =>
    more === undefined ? keyFor(purpose) : Buffer.from(hkdfSync('sha256', keyFor(purpose), more, 'stipend seal', 32));
  return {
    hash: (purpose, text) => createHmac('sha256', keyFor(purpose)).update(text).digest(),
    seal: (purpose, text, bound, more) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, cipherKey(purpose, more), nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(bound));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    open: (purpose, sealed, bound, more) => {
      const nonce = sealed.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv(CIPHER, cipherKey(purpose, more), nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(bound));
      decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const body = sealed.subarray(NONCE_BYTES + TAG_BYTES);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    },
  };
}

/** Compares in a time that says nothing of where two hashes differ. */
export function sameHash(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
