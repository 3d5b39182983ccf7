import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ElementReader } from './elements.ts';

const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

describe('the elements of a JSON array', () => {
  it('are read as JSON.parse reads them, cut anywhere', () => {
    const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), { maxLength: 4 });
    fc.assert(
      fc.property(objects, fc.constantFrom(0, 2), fc.array(fc.nat(), { maxLength: 6 }), (elements, indent, cuts) => {
        const bytes = new TextEncoder().encode(JSON.stringify(elements, null, indent));
        const places = [...cuts.map((at) => at % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
        const reader = new ElementReader(1_000_000);
        const found = places.flatMap((end, i) => reader.push(bytes.subarray(places[i - 1] ?? 0, end)));
        // Compared as text: matchers read a member named `__proto__` as something else.
        const read = found.map(({ data }): unknown => JSON.parse(textOf(data)));
        expect(JSON.stringify(read)).toBe(JSON.stringify(elements));
      }),
    );
  });

  it('over the limit pass unread, and the next is read', () => {
    const bytes = new TextEncoder().encode(`[{"a":"${'}'.repeat(500)}"},{"b":1}]`);
    const reader = new ElementReader(100);
    const found = [bytes.subarray(0, 300), bytes.subarray(300)].flatMap((part) => reader.push(part));
    expect(found.filter(({ unread }) => unread)).toHaveLength(2);
    expect(found.flatMap(({ data }) => (data ? [textOf(data)] : []))).toEqual(['{"b":1}']);
  });

  it('are each within the limit, however many there are', () => {
    const reader = new ElementReader(20);
    const parts = Array.from({ length: 20 }, () => ['{"a":', '1},']).flat();
    expect(parts.flatMap((part) => reader.push(new TextEncoder().encode(part))).every(({ data }) => data)).toBe(true);
  });

  it('are held no further than the limit', () => {
    const reader = new ElementReader(1_000);
    reader.push(new TextEncoder().encode('[{"a":"'));
    const out = Array.from({ length: 50 }, () => reader.push(new Uint8Array(100).fill(0x61)))
      .flat()
      .reduce((sum, { raw }) => sum + raw.length, 0);
    expect(5_000 - out).toBeLessThanOrEqual(1_000);
  });
});
