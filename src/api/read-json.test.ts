import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from './read-json.ts';

const read = (text: string) => readJson(Buffer.from(text));

describe('a body', () => {
  it('of any harmless object is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/__proto__|constructor|prototype/.test(text));
        expect(read(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each(['', ' ', '{', '{"a":1', '{a:1}', "{'a':1}", '{"a":1,}', '{"a":NaN}', '{"a":01}', 'nonsense', '{"a":"\\x"}'])(
    '%j is not JSON',
    (text) => expect(() => read(text)).toThrow(/not JSON|must be/),
  );

  it.each(['[]', 'null', '"text"', '1', '[{}]'])('%s is no object', (text) =>
    expect(() => read(text)).toThrow('must be a JSON object'),
  );

  it.each([
    '{"__proto__":{"admin":true}}',
    '{"\\u005f\\u005fproto__":{}}',
    '{"a":[{"constructor":{"prototype":{}}}]}',
    '{"prototype":1}',
  ])('%s reaches no prototype', (text) => expect(() => read(text)).toThrow('field named'));

  it.each(['{"amount":1,"amount":2}', '{"amount":1,"\\u0061mount":2}', '{"a":{"b":1,"c":[],"b":1}}'])(
    '%s says a thing twice',
    (text) => expect(() => read(text)).toThrow('twice'),
  );

  it('may have the same name in different objects, and any text as a value', () =>
    expect(read('{"a":{"a":"__proto__"},"b":[{"a":1},{"a":"}:{"}]}')).toEqual({
      a: { a: '__proto__' },
      b: [{ a: 1 }, { a: '}:{' }],
    }));

  it.each(['[', '{"a":'])('nested ten thousand deep by %j is refused', (opening) =>
    expect(() => read(opening.repeat(10_000))).toThrow('deeper'),
  );

  it.each([
    ['a string', '"'],
    ['a string and an escape', '"\\'],
  ])('of a megabyte that never ends %s is refused without being searched again and again', (_, end) =>
    expect(() => read(`{${'"\\'.repeat(500_000)}${end}`)).toThrow('not JSON'),
  );

  it('that is not UTF-8, or begins with a byte order mark, is refused', () => {
    expect(() => readJson(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toThrow('UTF-8');
    expect(() => read('\ufeff{}')).toThrow('byte order mark');
  });
});
