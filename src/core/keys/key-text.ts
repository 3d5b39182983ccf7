/**
 * The text of a key: `stp_live_` or `stp_admin_`, then 60 base-62 digits: 22 of id, 32 of secret (190 bits), 6 of
 * CRC-32 over everything before them. Fixed in length, so that a scanner for leaked secrets needs one pattern.
 * Written down for outsiders in docs/reference/keys.md.
 */
import { fromBase62, toBase62 } from './base62.ts';
import { crc32 } from './crc32.ts';

/** `live`: a principal's virtual key. `admin`: an administrator's. */
export type KeyKind = 'live' | 'admin';

const ID_DIGITS = 22;
const SECRET_DIGITS = 32;
const CHECKSUM_DIGITS = 6;
const SECRETS = 62n ** BigInt(SECRET_DIGITS);
const SHAPE = new RegExp(
  `^(stp_(live|admin)_([0-9A-Za-z]{${ID_DIGITS}})[0-9A-Za-z]{${SECRET_DIGITS}})([0-9A-Za-z]{${CHECKSUM_DIGITS}})$`,
);
const UUID = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/;
const UUIDS = 2n ** 128n;

/** Random bytes one secret asks for: 24 hold 192 bits, of which 62³² values are evenly used. */
export const SECRET_BYTES = 24;

/**
 * Writes a key from its id (a UUID in lower case) and SECRET_BYTES random bytes. `undefined` for the bytes, one draw in
 * three, that would make some secrets likelier than others: draw again. Throws a RangeError on a malformed id.
 */
export function writeKey(kind: KeyKind, id: string, random: Uint8Array): string | undefined {
  const hex = UUID.exec(id)?.slice(1).join('');
  if (hex === undefined || random.length !== SECRET_BYTES) throw new RangeError('needs a UUID and 24 random bytes');
  const drawn = random.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  // 62³² goes into 2¹⁹² two whole times; what lies above them would favour the small secrets.
  if (drawn >= 2n * SECRETS) return undefined;
  const body = `stp_${kind}_${toBase62(BigInt(`0x${hex}`), ID_DIGITS)}${toBase62(drawn % SECRETS, SECRET_DIGITS)}`;
  return body + toBase62(BigInt(crc32(body)), CHECKSUM_DIGITS);
}

/** The kind and id of a key; `undefined` for any text that is none, a wrong checksum among it. */
export function readKey(text: string): { readonly kind: KeyKind; readonly id: string } | undefined {
  const [, body = '', kind, idDigits = '', checksum = ''] = SHAPE.exec(text) ?? [];
  if (kind === undefined || fromBase62(checksum) !== BigInt(crc32(body))) return undefined;
  const id = fromBase62(idDigits);
  if (id === undefined || id >= UUIDS) return undefined;
  const hex = id.toString(16).padStart(32, '0');
  return {
    kind: kind === 'admin' ? 'admin' : 'live',
    id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  };
}
