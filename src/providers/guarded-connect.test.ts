import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { expect, test } from 'vitest';
import { AddressBlocked, publicLookup } from './guarded-connect.ts';

/** A resolver that gives one answer after the other. */
function resolver(...answers: (readonly string[])[]): LookupFunction {
  let asked = 0;
  return (_name, _options, callback) => {
    const addresses = answers[asked++ % answers.length] ?? [];
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
}

function ask(lookup: LookupFunction, all: boolean): Promise<string | readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup('provider.example', { all }, (error, found) => (error ? reject(error) : resolve(found)));
  });
}

test('public addresses are given on', async () => {
  const lookup = publicLookup(resolver(['8.8.8.8', '2606:4700::1']));
  await expect(ask(lookup, true)).resolves.toHaveLength(2);
  await expect(ask(lookup, false)).resolves.toBe('8.8.8.8');
});

test.each([['127.0.0.1'], ['169.254.169.254'], ['::1'], ['::ffff:10.0.0.1'], ['fd00:ec2::254']])(
  'a name at %s is blocked',
  async (address) => {
    await expect(ask(publicLookup(resolver([address])), true)).rejects.toThrow(AddressBlocked);
    await expect(ask(publicLookup(resolver([address])), false)).rejects.toThrow(AddressBlocked);
  },
);

test('one private address among public ones blocks the name', async () => {
  await expect(ask(publicLookup(resolver(['8.8.8.8', '10.0.0.1'])), true)).rejects.toThrow(AddressBlocked);
});

test('a name that was public is blocked when it resolves to a private address later', async () => {
  const lookup = publicLookup(resolver(['8.8.8.8'], ['127.0.0.1']));
  await expect(ask(lookup, true)).resolves.toHaveLength(1);
  await expect(ask(lookup, true)).rejects.toThrow(AddressBlocked);
});
