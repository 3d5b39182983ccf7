import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringMemberBytes } from './string-bytes.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const TEXT = [bytesOf('"text"')];

describe('the bytes of a string member', () => {
  it('are those of its text, whatever stands around it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (text, other) => {
        const json = bytesOf(JSON.stringify({ type: 'text', other: `"text":"${other}`, delta: { text }, [other]: 1 }));
        fc.pre(other !== 'text' && !JSON.stringify(text).includes('\\u'));
        expect(stringMemberBytes(json, TEXT)).toBe(bytesOf(text).length);
      }),
    );
  });

  it('add up over members, and a member that is no string counts nothing', () => {
    const json = bytesOf('{"a":[{"text": "xy"},{"text":{"text" : "é\\n\\""}},{"text":null}]}');
    expect(stringMemberBytes(json, TEXT)).toBe(2 + 4);
  });

  it('of several names are counted together', () =>
    expect(stringMemberBytes(bytesOf('{"a":"1","text":"22","b":"333"}'), [...TEXT, bytesOf('"b"')])).toBe(5));

  it('are not those of a key that only ends like it', () =>
    expect(stringMemberBytes(bytesOf('{"\\"text":"no"}'), TEXT)).toBe(0));

  it('take an escaped character as three bytes', () =>
    expect(stringMemberBytes(bytesOf('{"text":"\\u20ac"}'), TEXT)).toBe(3));

  it('end with the bytes, when they are cut', () => expect(stringMemberBytes(bytesOf('{"text":"ab'), TEXT)).toBe(2));
});
