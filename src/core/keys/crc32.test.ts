import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32 } from './crc32.ts';

it('a checksum is the published one', () => expect(crc32('123456789')).toBe(0xcbf43926));

it('a checksum is the one zlib makes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
      expect(crc32(text)).toBe(zlibCrc32(text));
    }),
  );
});
