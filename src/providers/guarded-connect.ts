/**
 * Connects to public addresses only. What is judged is the address that is connected to, at the moment it is: a name
 * that resolved to a public address when it was saved, and to a private one now, is refused.
 */
import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { isAddress, isPublicAddress } from '../core/network/public-address.ts';

/** The address behind a provider's base URL is not one that Stipend may call. */
export class AddressBlocked extends Error {
  constructor(host: string, address: string) {
    super(`${host} is at ${address}, which is a private address; STIPEND_ALLOW_PRIVATE_PROVIDERS=1 would allow it`);
    this.name = 'AddressBlocked';
  }
}

/** A connector to any address, for the sandbox and for operators who have allowed private ones. */
export function openConnector(timeoutMs: number): buildConnector.connector {
  return buildConnector({ timeout: timeoutMs, allowH2: false });
}

/** A connector to public addresses; fails with `AddressBlocked` on others, before a packet has left. */
export function guardedConnector(timeoutMs: number, resolve: LookupFunction = lookup): buildConnector.connector {
  const connect = buildConnector({ timeout: timeoutMs, allowH2: false, lookup: publicLookup(resolve) });
  return (options, callback) => {
    const host = options.hostname;
    if (!isAddress(host) || isPublicAddress(host)) connect(options, callback);
    else queueMicrotask(() => callback(new AddressBlocked(host, host), null));
  };
}

/**
 * A resolver that gives public addresses or none: one private address among several is enough to refuse the name,
 * since which of them is connected to is not ours to say.
 */
export function publicLookup(resolve: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      const addresses = typeof found === 'string' ? [{ address: found, family: 0 }] : found;
      const blocked = addresses.find(({ address }) => !isPublicAddress(address));
      if (blocked) return callback(new AddressBlocked(hostname, blocked.address), []);
      if (options.all) return callback(null, addresses);
      const [first] = addresses;
      return first
        ? callback(null, first.address, first.family)
        : callback(new Error(`${hostname} has no address`), []);
    });
  };
}
