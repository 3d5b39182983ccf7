/**
 * Every way the system says no. One row a code; each wire spells every row in its own words, so that a code added
 * here is a compile error in every wire until it has been given them.
 */

import type { Amount } from './money/amount.ts';
import type { Instant } from './time/instant.ts';

/** Whether the same request may succeed later by itself (`after`), or never without somebody acting. */
type Retry = 'never' | 'after';

export const REFUSALS = {
  key_unknown: { status: 401, retry: 'never' },
  key_revoked: { status: 401, retry: 'never' },
  budget_exhausted: { status: 402, retry: 'never' },
  policy_denied: { status: 403, retry: 'never' },
  model_not_allowed: { status: 403, retry: 'never' },
  model_not_priced: { status: 403, retry: 'never' },
  invalid: { status: 400, retry: 'never' },
  not_found: { status: 404, retry: 'never' },
  method_not_allowed: { status: 405, retry: 'never' },
  request_timeout: { status: 408, retry: 'never' },
  conflict: { status: 409, retry: 'never' },
  too_large: { status: 413, retry: 'never' },
  wrong_type: { status: 415, retry: 'never' },
  unprocessable: { status: 422, retry: 'never' },
  upgrade_refused: { status: 426, retry: 'never' },
  rate_limited: { status: 429, retry: 'after' },
  headers_too_large: { status: 431, retry: 'never' },
  internal: { status: 500, retry: 'after' },
  upstream_failed: { status: 502, retry: 'after' },
  store_unavailable: { status: 503, retry: 'after' },
  upstream_timeout: { status: 504, retry: 'after' },
  loop: { status: 508, retry: 'never' },
  upstream_overloaded: { status: 529, retry: 'after' },
} as const satisfies Record<string, { status: number; retry: Retry }>;

export type RefusalCode = keyof typeof REFUSALS;

/** What a refused budget tells the person: what is left, when it renews, where to ask. */
export interface BudgetFacts {
  readonly left: Amount;
  /** When the next part becomes spendable; absent when nothing is planned. */
  readonly renewsAt?: Instant;
  readonly whereToAsk: string;
}

/** A no, in public words. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly retryAfterSeconds?: number;
  /** A retry of this one cannot help although its code's often can: somebody must act first. */
  readonly final?: true;
  readonly budget?: BudgetFacts;
  /** Fields and what is wrong with them, as JSON pointers; for our own API. */
  readonly problems?: readonly { readonly pointer: string; readonly message: string }[];
}

/** Whether trying again by itself may help. */
export function retryOf({ code, final }: Pick<Refusal, 'code' | 'final'>): Retry {
  return final ? 'never' : REFUSALS[code].retry;
}

/** Two messages, one error: the refusal is for the caller, `cause` is for the operator's log only. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal, options?: { cause: unknown }) {
    super(refusal.message, options);
    this.name = 'Refused';
    this.refusal = refusal;
  }
}

/** Builds a Refused from its code and public words. */
export function refused(code: RefusalCode, message: string, extra: Omit<Refusal, 'code' | 'message'> = {}): Refused {
  return new Refused({ code, message, ...extra });
}
