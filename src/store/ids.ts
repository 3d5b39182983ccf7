/** Identifiers, made here and not by the database: UUIDs of version 7, or of version 8 when they are derived. */
import { createHash, randomFillSync } from 'node:crypto';
import type { Ids } from '../app/ports.ts';

export const IDS: Ids = { fresh: freshId, derived: derivedId };

/** Randomness for many ids at once: asking the system for each would cost more than all the rest of an id. */
const random = Buffer.alloc(16 * 256);
let randomUsed = random.length;

/** UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, then 74 random ones, so that rows of one time lie together. */
function freshId(): string {
  if (randomUsed === random.length) {
    randomFillSync(random);
    randomUsed = 0;
  }
  const bytes = random.subarray(randomUsed, randomUsed + 16);
  randomUsed += 16;
  bytes.writeUIntBE(Date.now(), 0, 6);
  return withVersion(bytes, 7);
}

/** UUIDv8: 122 bits of SHA-256 of the text. The same text gives the same id, everywhere and always. */
function derivedId(from: string): string {
  return uuidOf(createHash('sha256').update(from).digest());
}

/** UUIDv8 of the first 122 bits of a hash. */
export function uuidOf(hash: Buffer): string {
  return withVersion(Buffer.from(hash.subarray(0, 16)), 8);
}

function withVersion(bytes: Buffer, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
