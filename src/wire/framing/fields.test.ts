import { describe, expect, it } from 'vitest';
import { Refused } from '../../core/errors.ts';
import { answerObject, countIn, objectIn, objectsIn, RequestObject, textBytes } from './fields.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const request = (text: string) => RequestObject.ofBody(bytesOf(text));

function refusalOf(read: () => unknown) {
  try {
    read();
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
  throw new Error('was not refused');
}

describe('a request field', () => {
  it('is read by its type', () => {
    const object = request('{"n":3,"s":"a\\u0062","f":true,"o":{"p":[{"q":1},{}]},"z":null}');
    expect(object.integer(1, 'n')).toBe(3);
    expect(object.text('s')).toBe('ab');
    expect(object.flag('f')).toBe(true);
    expect(
      object
        .object('o')
        ?.objects('p')
        .map((each) => each.integer(0, 'q')),
    ).toEqual([1, undefined]);
    for (const absent of ['z', 'gone']) {
      expect(object.has(absent)).toBe(false);
      expect(object.integer(0, absent)).toBeUndefined();
      expect(object.objects(absent)).toEqual([]);
    }
  });

  it.each(['0', '-1', '1.5', '1.0', '1e3', '"1"', '[1]', 'true', '9007199254740993', '99999999999999999999'])(
    'of a limit is refused when it is %s',
    (value) => {
      const refusal = refusalOf(() => request(`{"a":{"max_tokens":${value}}}`).object('a')?.integer(1, 'max_tokens'));
      expect(refusal).toMatchObject({ code: 'invalid', problems: [{ pointer: '/a/max_tokens' }] });
      expect(refusal.message).toContain('a.max_tokens');
    },
  );

  it.each([
    ['twice', '{"max_tokens":1,"max_tokens":2}'],
    ['twice, once escaped', '{"max_tokens":1,"max\\u005ftokens":2}'],
    ['in two cases', '{"max_tokens":1,"Max_Tokens":2}'],
    ['in another case only', '{"MAX_TOKENS":1}'],
    ['in letters that fold to it', '{"max_to\u212aens":1}'],
    ['in letters that only upper case folds to it', '{"max_token\u017f":1}'],
    ['without its underscore', '{"maxTokens":1}'],
  ])('given %s is refused by its name', (_, text) => {
    expect(refusalOf(() => request(text).integer(1, 'max_tokens')).message).toMatch(/^max_tokens /);
  });

  it('may have a second spelling, but not both', () => {
    expect(request('{"max_tokens":2}').integer(1, 'maxTokens', 'max_tokens')).toBe(2);
    expect(refusalOf(() => request('{"max_tokens":2,"maxTokens":2}').has('maxTokens', 'max_tokens')).code).toBe(
      'invalid',
    );
  });

  it('of a wrong type is refused', () => {
    const object = request('{"a":1,"l":[1]}');
    for (const read of [() => object.text('a'), () => object.flag('a'), () => object.object('a')]) {
      expect(refusalOf(read).code).toBe('invalid');
    }
    expect(refusalOf(() => object.objects('a')).code).toBe('invalid');
    expect(refusalOf(() => object.objects('l')).message).toContain('l[0]');
  });
});

describe('an answer', () => {
  it('that is no JSON object reads as nothing', () => {
    for (const text of ['', '[1]', 'null', '{"a"', '"a"']) expect(answerObject(bytesOf(text))).toBeUndefined();
    expect(answerObject(bytesOf('{"a":1}'))).toEqual({ a: 1 });
  });

  it('counts only what is a count', () => {
    for (const value of [-1, 1.5, '1', null, undefined, Number.NaN, 2 ** 53]) expect(countIn(value)).toBeUndefined();
    expect(countIn(0)).toBe(0);
  });

  it('is read member by member without trusting its shape', () => {
    expect(objectIn([])).toBeUndefined();
    expect(objectsIn([1, { a: 1 }, null, []])).toEqual([{ a: 1 }]);
    expect(objectsIn('x')).toEqual([]);
    expect(textBytes('é')).toBe(2);
    expect(textBytes(1)).toBe(0);
  });
});
