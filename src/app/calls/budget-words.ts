/** What a person reads when the budget does not cover a call: what happened, what is left, when it renews, where to ask. */
import type { Refusal } from '../../core/errors.ts';
import { type Amount, formatDollars, nano } from '../../core/money/amount.ts';
import type { Instant } from '../../core/time/instant.ts';

const NANO_PER_CENT = 10_000_000n;

/** Whole cents, rounded down: nobody is told of more than there is. Less than a cent is told exactly. */
function readable(amount: Amount): string {
  return `$${formatDollars(amount >= NANO_PER_CENT ? nano(amount - (amount % NANO_PER_CENT)) : amount)}`;
}

/** Whole cents, rounded up: a cost is never made to look smaller. */
function readableCost(amount: Amount): string {
  const rest = amount % NANO_PER_CENT;
  return readable(rest === 0n || amount < NANO_PER_CENT ? amount : nano(amount - rest + NANO_PER_CENT));
}

function day(at: Instant): string {
  return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}

export interface SpentBudget {
  readonly available: Amount;
  /** The least this call could cost, its output limited as far as it may be. */
  readonly needed: Amount;
  readonly renewsAt?: Instant;
  readonly whereToAsk: string;
}

/** The refusal of a call that the budget does not cover. */
export function budgetExhausted({ available, needed, renewsAt, whereToAsk }: SpentBudget): Refusal {
  // What running calls hold is not left either, and comes back when they have ended.
  const happened =
    available > 0n
      ? 'Your AI token budget does not cover this call'
      : 'Your AI token budget is used up, or held by calls that are still running';
  const left = `${readable(available)} is left and the call needs up to ${readableCost(needed)}`;
  const renews = renewsAt === undefined ? 'No renewal is planned' : `It renews on ${day(renewsAt)} (UTC)`;
  return {
    code: 'budget_exhausted',
    message: `${happened}: ${left}. ${renews}. To get more, ask ${whereToAsk}.`,
    budget: { left: available, whereToAsk, ...(renewsAt === undefined ? {} : { renewsAt }) },
  };
}
