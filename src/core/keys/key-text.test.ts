import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readKey, SECRET_BYTES, writeKey } from './key-text.ts';

const bytes = fc.uint8Array({ minLength: SECRET_BYTES, maxLength: SECRET_BYTES });
const kind = fc.constantFrom('live' as const, 'admin' as const);
const id = '019abcde-0123-7456-89ab-0123456789ab';
const known = writeKey('live', id, new Uint8Array(SECRET_BYTES)) ?? '';

describe('a key’s text', () => {
  it('tells its kind and id again', () => {
    fc.assert(
      fc.property(kind, fc.uuid(), bytes, (which, uuid, random) => {
        const text = writeKey(which, uuid, random);
        fc.pre(text !== undefined);
        expect(text).toMatch(/^stp_(live|admin)_[0-9A-Za-z]{60}$/);
        expect(readKey(text)).toEqual({ kind: which, id: uuid });
      }),
    );
  });

  it('with any one character changed is no key', () => {
    fc.assert(
      fc.property(fc.nat(known.length - 1), fc.constantFrom(...'09AZaz_-é'), (at, other) => {
        fc.pre(known[at] !== other);
        expect(readKey(known.slice(0, at) + other + known.slice(at + 1))).toBeUndefined();
      }),
    );
  });

  it.each(['', 'sk-ant-api03', known.slice(0, -1), `${known}0`, ` ${known}`, `${known}\n`, known.toLowerCase()])(
    'is not %j',
    (text) => expect(readKey(text)).toBeUndefined(),
  );

  it('has the written-down form', () =>
    expect(known).toBe('stp_live_031hsKSXI2uicCHx0EyI8p000000000000000000000000000000002Spxqu'));

  it('of another secret is another text', () => {
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        const [first, second] = [writeKey('live', id, one), writeKey('live', id, other)];
        fc.pre(first !== undefined && second !== undefined && Buffer.compare(one, other) !== 0);
        const folded = (value: Uint8Array) => BigInt(`0x${Buffer.from(value).toString('hex')}`) % 62n ** 32n;
        expect(first === second).toBe(folded(one) === folded(other));
      }),
    );
  });

  it('asks for other random bytes where these would favour some secrets', () =>
    expect(writeKey('live', id, new Uint8Array(SECRET_BYTES).fill(0xff))).toBeUndefined());
});
