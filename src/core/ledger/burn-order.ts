/** Which tranches can be spent, and in what order. */
import { type Amount, nano, ZERO } from '../money/amount.ts';
import type { Instant } from '../time/instant.ts';
import type { Tranche } from './state.ts';

/** Spendable in [effectiveAt, expiresAt): at its first instant it is active, at its end it is not. */
export function isActive(tranche: Pick<Tranche, 'effectiveAt' | 'expiresAt'>, now: Instant): boolean {
  return tranche.effectiveAt <= now && !hasExpired(tranche, now);
}

export function hasExpired(tranche: Pick<Tranche, 'expiresAt'>, now: Instant): boolean {
  return tranche.expiresAt !== undefined && tranche.expiresAt <= now;
}

/** Posted less held of an active tranche: the only number that may decide. */
export function availableOf(tranche: Tranche, now: Instant): Amount {
  return isActive(tranche, now) ? nano(tranche.posted - tranche.held) : ZERO;
}

/** A total order: lower priority number, then earlier expiry (none last), then older, then smaller id. */
export function compareBurnOrder(a: Tranche, b: Tranche): number {
  return (
    a.priority - b.priority ||
    compareExpiry(a.expiresAt, b.expiresAt) ||
    a.createdAt - b.createdAt ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

function compareExpiry(a: Instant | undefined, b: Instant | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  return b === undefined ? -1 : a - b;
}
