/**
 * How a Stipend knows its own calls when they come back to it: every call that leaves lists the installations it has
 * passed, as `Via` does for proxies (RFC 9110, section 7.6.3). A provider's base URL that points at Stipend itself, or
 * at another one that points back, is then refused with `loop` at the first return.
 */

/** Carried by requests between Stipends only; what it holds is no secret and no credential. */
export const HOPS_HEADER = 'x-stipend-instance';

/** A longer chain of Stipends is a mistake, whoever they are. */
const HOPS_MOST = 8;

/** An installation's own name in the list: letters, digits, `-` and `_`, at most 64 of them. */
const INSTANCE = /^[\w-]{1,64}$/;

/** The header of a call that leaves `instance`, given the one its request came with, if any. */
export function hopsLeaving(instance: string, arrivedWith: string | undefined): string {
  return [...passed(arrivedWith), instance].join(',');
}

/** Whether a request that arrives with this header has been at `instance` before, or has travelled too far. */
export function isLoop(instance: string, arrivedWith: string | undefined): boolean {
  const hops = passed(arrivedWith);
  return hops.includes(instance) || hops.length >= HOPS_MOST;
}

function passed(header: string | undefined): readonly string[] {
  if (header === undefined || header.length > HOPS_MOST * 66) return [];
  return header
    .split(',')
    .map((hop) => hop.trim())
    .filter((hop) => INSTANCE.test(hop));
}
