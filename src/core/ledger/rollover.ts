/** What of a tranche lives on after its expiry. */
import { type Amount, greatest, least, subtract, ZERO } from '../money/amount.ts';
import type { Instant } from '../time/instant.ts';
import type { Tranche } from './state.ts';

export interface RolledOver {
  /** What was left over and lives on. */
  readonly kept: Amount;
  /** What the company adds, where the rollover refills to more than was left. */
  readonly added: Amount;
  readonly expiresAt?: Instant;
}

/**
 * min(most, max(least, balance)), where the balance is what was neither spent nor held at the expiry. `most` 0 is use it
 * or lose it; `least` = `most` refills to that. Nothing lives on that would have ended by the expiry itself.
 */
export function rolledOver(tranche: Tranche): RolledOver | undefined {
  const { rollover, expiresAt } = tranche;
  if (!rollover || expiresAt === undefined) return undefined;
  if (rollover.expiresAt !== undefined && rollover.expiresAt <= expiresAt) return undefined;
  const balance = subtract(tranche.posted, tranche.held);
  const next = least(rollover.most, greatest(rollover.least, balance));
  if (next <= 0n) return undefined;
  const kept = least(next, balance);
  const ends = rollover.expiresAt === undefined ? {} : { expiresAt: rollover.expiresAt };
  return { kept: greatest(kept, ZERO), added: subtract(next, greatest(kept, ZERO)), ...ends };
}
