import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAddress, isPublicAddress } from './public-address.ts';

const v4Text = (address: number) => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');

test.each(['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.0', '100.63.255.255', '100.128.0.0', '223.255.255.255'])(
  '%s is public',
  (address) => expect(isPublicAddress(address)).toBe(true),
);

test.each(['2606:4700::6810:85e5', '[2a00:1450:4001:810::200e]', '::ffff:8.8.8.8', '64:ff9b::808:808', '2001:200::1'])(
  '%s is public',
  (address) => expect(isPublicAddress(address)).toBe(true),
);

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.168.1.1',
  '198.19.0.1',
  '224.0.0.1',
  '255.255.255.255',
])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));

test.each([
  '::',
  '::1',
  '[::1]',
  '::ffff:127.0.0.1',
  '[::ffff:7f00:1]',
  '::ffff:a9fe:a9fe',
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  '::127.0.0.1',
  'fe80::1',
  'fe80::1%eth0',
  'fd00:ec2::254',
  'fc00::1',
  'ff02::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '3fff::1',
])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));

test.each(['', 'localhost', '1.2.3', '1.2.3.256', '1.2.3.4.5', ':::', '1:2:3', '1::2::3', '1:2:3:4:5:6:7:8:9', 'g::1'])(
  '%j is no address, and so not public',
  (text) => {
    expect(isAddress(text)).toBe(false);
    expect(isPublicAddress(text)).toBe(false);
  },
);

test('an IPv4 address and the same address mapped into IPv6 are judged alike', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (address) => {
      const dotted = v4Text(address);
      const hexadecimal = `::ffff:${(address >>> 16).toString(16)}:${(address & 0xffff).toString(16)}`;
      expect(isPublicAddress(`::ffff:${dotted}`)).toBe(isPublicAddress(dotted));
      expect(isPublicAddress(hexadecimal)).toBe(isPublicAddress(dotted));
    }),
  );
});
