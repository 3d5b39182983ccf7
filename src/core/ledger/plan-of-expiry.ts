/** Expiry is booked ahead: every change of what a tranche holds also changes what it will lose when it expires. */
import { type Instant, instant } from '../time/instant.ts';
import type { Tranche, Transfer } from './state.ts';

/**
 * The transfer that goes with a movement into or out of a tranche at `at`: money in will be breakage at the expiry,
 * money out will not. On a tranche that has expired it takes effect at once, so what comes back late is breakage and what
 * is charged late was none; so the balance of a tranche is zero at every instant from its expiry on. `undefined` for a
 * tranche without an expiry.
 */
export function planOfExpiry(tranche: Pick<Tranche, 'expiresAt'>, movement: Transfer): Transfer | undefined {
  if (tranche.expiresAt === undefined) return undefined;
  const { account, amount } = movement;
  const at: Instant = instant(Math.max(tranche.expiresAt, movement.at));
  const into = movement.credit === 'tranche';
  return {
    account,
    debit: into ? 'tranche' : 'breakage',
    credit: into ? 'breakage' : 'tranche',
    amount,
    at,
    ...(movement.tranche === undefined ? {} : { tranche: movement.tranche }),
  };
}
