import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPepper, sameHash } from './sealing.ts';

const pepper = createPepper(Buffer.alloc(32, 1));
const other = createPepper(Buffer.alloc(32, 2));

describe('a sealed secret', () => {
  it('opens for what it was sealed for, and is not in the clear', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), fc.option(fc.string(), { nil: undefined }), (secret, more) => {
        const sealed = pepper.seal('operations', secret, 'it', more);
        expect(pepper.open('operations', sealed, 'it', more)).toBe(secret);
        expect(sealed.includes(secret)).toBe(false);
      }),
    );
  });

  it('stays shut for another purpose, thing, key or pepper, and when a bit of it was changed', () => {
    const sealed = pepper.seal('operations', 'secret', 'it', 'key');
    expect(() => pepper.open('provider credentials', sealed, 'it', 'key')).toThrow();
    expect(() => pepper.open('operations', sealed, 'other', 'key')).toThrow();
    expect(() => pepper.open('operations', sealed, 'it', 'other')).toThrow();
    expect(() => pepper.open('operations', sealed, 'it')).toThrow();
    expect(() => other.open('operations', sealed, 'it', 'key')).toThrow();
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => pepper.open('operations', changed, 'it', 'key')).toThrow();
    }
  });

  it('is never the same twice', () =>
    expect(pepper.seal('operations', 's', 'it')).not.toEqual(pepper.seal('operations', 's', 'it')));
});

describe('a hash', () => {
  it('differs by purpose, text and pepper', () => {
    const hash = pepper.hash('virtual keys', 'a');
    expect(sameHash(hash, pepper.hash('virtual keys', 'a'))).toBe(true);
    expect(sameHash(hash, pepper.hash('admin keys', 'a'))).toBe(false);
    expect(sameHash(hash, pepper.hash('virtual keys', 'b'))).toBe(false);
    expect(sameHash(hash, other.hash('virtual keys', 'a'))).toBe(false);
    expect(sameHash(hash, hash.subarray(1))).toBe(false);
  });
});

it('a short pepper is refused', () => expect(() => createPepper(Buffer.alloc(31))).toThrow(RangeError));
