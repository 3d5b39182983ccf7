import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCursor, writeCursor } from './cursor.ts';

const hash = (text: string) => createHmac('sha256', 'key').update(text).digest();

describe('a cursor', () => {
  it('leads back to its place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (question, place) => {
        expect(readCursor(hash, question, writeCursor(hash, question, place))).toBe(place);
      }),
    );
  });

  it('that was changed anywhere is refused', () => {
    const cursor = writeCursor(hash, '/people', '12345');
    fc.assert(
      fc.property(fc.nat(cursor.length - 1), fc.constantFrom(...'AZaz09-_%\u0000'), (at, other) => {
        fc.pre(cursor[at] !== other);
        const changed = cursor.slice(0, at) + other + cursor.slice(at + 1);
        expect(() => readCursor(hash, '/people', changed)).toThrow('cursor');
      }),
    );
  });

  it('of another list, or of nothing, is refused', () => {
    expect(() => readCursor(hash, '/grants', writeCursor(hash, '/people', '1'))).toThrow('cursor');
    expect(() => readCursor(hash, '/people', '')).toThrow('cursor');
    expect(() => readCursor(hash, '/people', 'MQ')).toThrow('cursor');
  });
});
