import { expect, it } from 'vitest';
import { given } from './given.ts';

it('what is undefined is absent, and everything else stays', () => {
  const fields = given({ a: 1, b: undefined, c: null, d: '', e: false });
  expect(fields).toEqual({ a: 1, c: null, d: '', e: false });
  expect(Object.keys(fields)).not.toContain('b');
});
