import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countTokens, fillerTokens, tokensOf } from './tokens.ts';

test.each([
  ['', 0],
  ['say hi', 2],
  ['Tokenization matters.', 4],
  ['12345', 2],
  ['你好', 2],
  ['a\n\nb', 3],
])('%j is %i tokens', (text, count) => expect(countTokens(text)).toBe(count));

test('no text has more tokens than UTF-8 bytes, and its tokens joined are the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(countTokens(text)).toBeLessThanOrEqual(new TextEncoder().encode(text).length);
      expect(tokensOf(text).join('')).toBe(text);
      expect(tokensOf(text)).toHaveLength(countTokens(text));
    }),
  );
});

test('filler has as many tokens as were asked for', () => {
  for (const count of [0, 1, 30, 1000]) expect(fillerTokens(count)).toHaveLength(count);
});
