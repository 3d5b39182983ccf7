/** CRC-32 as in ISO 3309 and zlib (reflected, polynomial 0xEDB88320): finds a mistyped or cut key without a look-up. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** The checksum of ASCII text, 0 to 2³²−1. */
export function crc32(ascii: string): number {
  let sum = 0xffffffff;
  for (let at = 0; at < ascii.length; at += 1) {
    sum = (sum >>> 8) ^ (TABLE[(sum ^ ascii.charCodeAt(at)) & 0xff] ?? 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}
