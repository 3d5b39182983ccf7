import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { items, json, plain, quoted, storable } from './columns.ts';

describe('a column', () => {
  it('of plain values is an array literal, an absent one NULL', () => {
    expect(plain([1n, 2, 'held', undefined])).toBe('{1,2,held,NULL}');
    expect(plain([])).toBe('{}');
  });

  it('of texts quotes what a literal would take for its own', () => {
    expect(quoted(['a', 'NULL', 'b"c', 'd\\e', '{f,g}', '', undefined])).toBe(
      '{"a","NULL","b\\"c","d\\\\e","{f,g}","",NULL}',
    );
  });

  it('of plain values comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt()), (values) => {
        expect(items(plain(values)).map(BigInt)).toEqual(values);
      }),
    );
  });
});

describe('JSON for the database', () => {
  it('has decimal strings for bigints and no text that JSONB refuses', () => {
    expect(json({ amount: 12n })).toBe('{"amount":"12"}');
    expect(json({ nul: 'a\0b', lone: '\uD800', pair: '😀', control: '\u0001' })).toBe(
      '{"nul":"a\uFFFDb","lone":"\uFFFD","pair":"😀","control":"\\u0001"}',
    );
    expect(json({ 'a\0': 1 })).toBe('{"a\uFFFD":1}');
  });

  it('keeps a backslash before what only looks like an escape', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('\\', 'u', '0', 'd', '8', '\0', 'x') }), (text) => {
        expect(JSON.parse(json(text))).toBe(storable(text));
      }),
    );
  });
});
