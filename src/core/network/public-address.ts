/**
 * Which IP addresses are on the public internet. A provider's name may resolve to nothing else, or its base URL could
 * be used to reach the inside of the network that Stipend runs in.
 * Source: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and its updates).
 */

/** Address and prefix length of what is not public, or is a cloud's own endpoint. */
const NOT_PUBLIC_V4: readonly (readonly [address: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32], // Azure's platform endpoint, in a public range
  ['169.254.0.0', 16], // link-local, and most clouds' metadata
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** Public IPv6 is 2000::/3 without these. */
const NOT_PUBLIC_V6: readonly (readonly [address: string, bits: number])[] = [
  ['2001::', 23], // protocol assignments, Teredo among them
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4 carries any IPv4 address
  ['3fff::', 20],
];

/** Prefixes of 96 bits whose last 32 are the IPv4 address meant: mapped addresses and NAT64. */
const CARRIES_V4 = ['::ffff:0:0', '64:ff9b::'];

/**
 * Whether an address, as a resolver or `URL.hostname` writes it (brackets and a zone are allowed), is public.
 * Anything that is not an address is not.
 */
export function isPublicAddress(text: string): boolean {
  const v4 = parseV4(text);
  if (v4 !== undefined) return isPublicV4(v4);
  const v6 = parseV6(text.replace(/^\[|\]$/g, ''));
  if (v6 === undefined) return false;
  if (CARRIES_V4.some((prefix) => within(v6, parseV6(prefix), 96, 128))) return isPublicV4(v6 & 0xffffffffn);
  return within(v6, parseV6('2000::'), 3, 128) && !NOT_PUBLIC_V6.some(([a, bits]) => within(v6, parseV6(a), bits, 128));
}

/** Whether a text is an IP address in any form that `isPublicAddress` reads. */
export function isAddress(text: string): boolean {
  return parseV4(text) !== undefined || parseV6(text.replace(/^\[|\]$/g, '')) !== undefined;
}

function isPublicV4(address: bigint): boolean {
  return !NOT_PUBLIC_V4.some(([a, bits]) => within(address, parseV4(a), bits, 32));
}

function within(address: bigint, network: bigint | undefined, bits: number, width: number): boolean {
  const shift = BigInt(width - bits);
  return network !== undefined && address >> shift === network >> shift;
}

function parseV4(text: string): bigint | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function parseV6(text: string): bigint | undefined {
  const [withoutZone = ''] = text.split('%', 1);
  const dotted = /^(.*:)([\d.]+)$/.exec(withoutZone);
  if (dotted?.[2]?.includes('.')) {
    const tail = parseV4(dotted[2]);
    if (tail === undefined) return undefined;
    return parseV6(`${dotted[1]}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`);
  }
  const halves = withoutZone.split('::');
  if (!withoutZone.includes(':') || halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail];
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}
