import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refused } from '../../core/errors.ts';
import { JSON_DEPTH_MOST, scanArray, scanObject, stringAt, watchFor } from './json-scan.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const slice = (bytes: Uint8Array, span: { start: number; end: number }) =>
  new TextDecoder().decode(bytes.subarray(span.start, span.end));

/** The same JSON written otherwise: random white space between tokens, random escapes inside strings. */
function rewritten(json: string, choices: readonly number[]): string {
  let turn = 0;
  const choose = () => choices[turn++ % choices.length] ?? 0;
  const space = () => ['', '', ' ', '\n', '\t', '\r\n'][choose() % 6] ?? '';
  return json.replace(/"(?:[^"\\]|\\.)*"|[^"\s]/g, (token) => {
    if (!token.startsWith('"')) return /[{}[\],:]/.test(token) ? `${space()}${token}${space()}` : token;
    const escaped = token.slice(1, -1).replace(/\\u.{4}|\\.|[^\\]/gu, (character) => {
      if (character.startsWith('\\') || choose() % 5 > 0) return character;
      return character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
    });
    return `"${escaped}"`;
  });
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('model', 'MODEL', '__proto__', '', '\\', '"', '\u0000'),
);
const anyObject = fc.dictionary(anyText, fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }), { maxKeys: 6 });

describe('a scan of a JSON object', () => {
  it('finds the members that JSON.parse finds, however they are spaced and escaped', () => {
    fc.assert(
      fc.property(anyObject, fc.array(fc.nat(), { minLength: 1 }), (object, choices) => {
        const bytes = bytesOf(rewritten(JSON.stringify(object), choices));
        const { members } = scanObject(bytes);
        // Keys are compared with the object's own: V8 13.6 can read an escaped key of one character as a backslash.
        expect(members.map(({ key }) => key)).toEqual(Object.keys(object));
        const values = members.map(({ value }): unknown => JSON.parse(slice(bytes, value)));
        expect(JSON.stringify(values)).toBe(JSON.stringify(Object.values(object)));
      }),
    );
  });

  it('accepts what JSON.parse accepts and nothing else, when a byte has been changed, lost or added', () => {
    const scans = (bytes: Uint8Array) => {
      try {
        return scanObject(bytes) !== undefined;
      } catch (error) {
        if (error instanceof Refused && error.refusal.code === 'invalid') return false;
        throw error;
      }
    };
    const parses = (bytes: Uint8Array) => {
      try {
        const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
        const value: unknown = JSON.parse(text);
        return typeof value === 'object' && value !== null && !Array.isArray(value);
      } catch {
        return false;
      }
    };
    const damage = fc.record({ at: fc.nat(), drop: fc.nat(2), put: fc.uint8Array({ maxLength: 3 }) });
    const telling = fc.constantFrom(...'{}[],:"\\-+.eE0123456789truefalsn \n\u0001').map((text) => bytesOf(text));
    fc.assert(
      fc.property(anyObject, damage, fc.option(telling), ({ ...object }, { at, drop, put }, character) => {
        const whole = bytesOf(JSON.stringify(object));
        const from = at % (whole.length + 1);
        const bytes = Uint8Array.from([
          ...whole.subarray(0, from),
          ...(character ?? put),
          ...whole.subarray(from + drop),
        ]);
        expect(scans(bytes)).toBe(parses(bytes));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['nothing', ''],
    ['white space only', ' \n'],
    ['an array', '[{"model":"a"}]'],
    ['null', 'null'],
    ['a string', '"{}"'],
    ['a truncated object', '{"model":"a"'],
    ['a truncated string', '{"model":"a'],
    ['two objects', '{}{}'],
    ['a comment', '{/* a */}'],
    ['a trailing comma', '{"a":1,}'],
    ['single quotes', "{'a':1}"],
    ['a bare key', '{a:1}'],
    ['NaN', '{"a":NaN}'],
    ['a leading zero', '{"a":01}'],
    ['a raw line feed in a string', '{"a":"\n"}'],
    ['half an escape', '{"a":"\\u12"}'],
    ['a byte order mark', '\ufeff{}'],
  ])('refuses %s', (_, text) => expect(() => scanObject(bytesOf(text))).toThrow(Refused));

  it.each([
    ['a lone continuation', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['beyond the last code point', [0xf4, 0x90, 0x80, 0x80]],
    ['half a character', [0xe2, 0x82]],
  ])('refuses %s as UTF-8', (_, broken) => {
    const bytes = Uint8Array.from([...bytesOf('{"a":"'), ...broken, ...bytesOf('"}')]);
    expect(() => scanObject(bytes)).toThrow(Refused);
  });

  it('stops at nesting that only an attack has, before any recursion hurts', () => {
    const nested = (depth: number) => bytesOf(`${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`);
    expect(scanObject(nested(JSON_DEPTH_MOST)).members).toHaveLength(1);
    expect(() => scanObject(nested(JSON_DEPTH_MOST + 1))).toThrow('nested deeper');
    expect(() => scanObject(bytesOf(`{"a":${'['.repeat(100_000)}`))).toThrow('nested deeper');
  });

  it('keeps both of two equal keys, for the reader to refuse', () => {
    const { members } = scanObject(bytesOf('{"model":"cheap","\\u006dodel":"dear"}'));
    expect(members.map(({ key }) => key)).toEqual(['model', 'model']);
  });

  it('reads the elements of an array it met', () => {
    const bytes = bytesOf('{"a": [ 1 , {"b":[2]}, "x,]" ] }');
    const [a] = scanObject(bytes).members;
    expect(scanArray(bytes, a?.value ?? { start: 0, end: 0 }).map((span) => slice(bytes, span))).toEqual([
      '1',
      '{"b":[2]}',
      '"x,]"',
    ]);
  });
});

describe('a watched path', () => {
  const seen = (paths: readonly string[], text: string, path = paths[0] ?? '') => {
    const bytes = bytesOf(text);
    return scanObject(bytes, undefined, watchFor(paths))
      .seen(path)
      .map((span) => slice(bytes, span));
  };

  it('is met in every element of the arrays on its way, and nowhere else', () => {
    const text = '{"m":[{"c":{"t":1}},{"c":[{"t":2},[{"t":3}]]}],"c":{"t":4},"x":{"m":{"c":{"t":5}}},"t":6}';
    expect(seen(['m.c.t'], text)).toEqual(['1', '2', '3']);
    expect(seen(['m.c', 'm.c.t'], text)).toHaveLength(2);
    expect(seen(['**.t'], text)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(seen(['m.c.t', '**.t'], text, '**.t')).toHaveLength(6);
  });

  it('is met however its keys are escaped or cased', () => {
    expect(seen(['a.ttl'], '{"\\u0061":{"t\\u0074l":1}}')).toEqual(['1']);
    expect(seen(['a.ttl'], '{"A":{"TTL":1}}')).toEqual(['1']);
    expect(seen(['a.ttl'], '{"a":{"ttl ":1,"tt":1}}')).toEqual([]);
  });

  it('counts a key given twice twice', () => expect(seen(['a.b'], '{"a":{"b":1,"b":2}}')).toEqual(['1', '2']));

  it('gives strings whose text JSON.parse would give', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const bytes = bytesOf(JSON.stringify(text));
        expect(stringAt(bytes, { start: 0, end: bytes.length })).toBe(JSON.parse(new TextDecoder().decode(bytes)));
      }),
    );
  });
});
