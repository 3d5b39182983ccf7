import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanObject } from './json-scan.ts';
import { setMembers, splice } from './splice.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const withMembers = (text: string, values: Record<string, string>) => {
  const bytes = bytesOf(text);
  return textOf(splice(bytes, setMembers(scanObject(bytes), values)));
};

describe('setting members by splices', () => {
  it('reads back as the same object but for them', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5 });
    fc.assert(
      fc.property(object, object, fc.constantFrom(0, 2), (before, set, indent) => {
        const values = Object.fromEntries(Object.entries(set).map(([key, value]) => [key, JSON.stringify(value)]));
        // Compared as text: matchers read a member named `__proto__` as something else.
        const after: unknown = JSON.parse(withMembers(JSON.stringify(before, null, indent), values));
        expect(JSON.stringify(after)).toBe(JSON.stringify({ ...before, ...set }));
      }),
    );
  });

  it('leaves every other byte alone', () =>
    expect(withMembers('{ "a" : 1.0,\n"b":"\\u0062" }', { a: '2', c: '3' })).toBe('{ "a" : 2,\n"b":"\\u0062","c":3 }'));

  it('puts members into an empty object', () => expect(withMembers('{ }', { a: '1', b: '2' })).toBe('{"a":1,"b":2 }'));

  it('returns the very bytes when there is nothing to change', () => {
    const bytes = bytesOf('{}');
    expect(splice(bytes, [])).toBe(bytes);
  });
});
