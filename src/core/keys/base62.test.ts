import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase62, toBase62 } from './base62.ts';

describe('base 62', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (value) => {
        const text = toBase62(value, 22);
        expect(text).toMatch(/^[0-9A-Za-z]{22}$/);
        expect(fromBase62(text)).toBe(value);
      }),
    );
  });

  it('refuses a number that does not fit and text that is none', () => {
    expect(() => toBase62(62n, 1)).toThrow(RangeError);
    expect(() => toBase62(-1n, 1)).toThrow(RangeError);
    expect(fromBase62('a-b')).toBeUndefined();
  });

  it('counts as published', () => {
    expect([0n, 9n, 10n, 35n, 36n, 61n].map((value) => toBase62(value, 1)).join('')).toBe('09AZaz');
  });
});
