/** The ledger's no, and the guards that several operations share. */
import type { Amount } from '../money/amount.ts';
import type { Instant } from '../time/instant.ts';
import type { LedgerDraft } from './draft.ts';
import type { AccountId, Book, LedgerOutcome, LedgerRefusal } from './operations.ts';
import type { Hold } from './state.ts';

export type RefusedOutcome = Extract<LedgerOutcome, { ok: false }>;

export function refusedAt(draft: LedgerDraft, refusal: LedgerRefusal): RefusedOutcome {
  return { ok: false, at: draft.now, refusal };
}

export function unknown(draft: LedgerDraft, what: 'account' | 'hold' | 'entry' | 'grant', id: string): RefusedOutcome {
  return refusedAt(draft, { why: 'unknown', what, id });
}

export function insufficient(draft: LedgerDraft, accounts: readonly AccountId[], available: Amount): RefusedOutcome {
  const renewsAt = nextRenewal(draft, accounts);
  return refusedAt(draft, { why: 'insufficient', available, ...(renewsAt === undefined ? {} : { renewsAt }) });
}

/** The hold's own state stands in the way. */
export function already(draft: LedgerDraft, hold: Hold): RefusedOutcome {
  const amount = hold.state === 'held' ? hold.amount : hold.charged;
  return refusedAt(draft, { why: 'already', state: hold.state, amount });
}

/** When the next tranche with money in it becomes active; `undefined` when none is planned. */
export function nextRenewal(draft: LedgerDraft, accounts: readonly AccountId[]): Instant | undefined {
  let next: Instant | undefined;
  for (const account of accounts) {
    for (const { effectiveAt, posted } of draft.tranchesOf(account)) {
      if (effectiveAt > draft.now && posted > 0n && (next === undefined || effectiveAt < next)) next = effectiveAt;
    }
  }
  return next;
}

/** Accounts that pay together, each once, in funding order. */
export interface Payers {
  readonly ok: true;
  readonly ids: readonly [AccountId, ...AccountId[]];
  readonly book: Book;
}

/** Refuses accounts that are not there, and those of another book: no entry ever has a foot in each. */
export function payersAmong(draft: LedgerDraft, asked: readonly AccountId[]): Payers | RefusedOutcome {
  const [firstId, ...others] = new Set(asked);
  const first = firstId === undefined ? undefined : draft.account(firstId);
  if (firstId === undefined || !first) return unknown(draft, 'account', firstId ?? '');
  const stranger = others.find((id) => draft.account(id)?.book !== first.book);
  if (stranger !== undefined) return unknown(draft, 'account', stranger);
  return { ok: true, ids: [firstId, ...others], book: first.book };
}
