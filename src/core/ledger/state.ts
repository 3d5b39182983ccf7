/** What the ledger knows: the accounts and tranches that may not go below zero, the holds on them, and the journal. */
import type { Amount } from '../money/amount.ts';
import type { Instant } from '../time/instant.ts';
import type {
  AccountId,
  Book,
  CallFacts,
  ChargeFacts,
  EntryId,
  HoldId,
  HoldState,
  LedgerOperation,
  LedgerOutcome,
  OperationId,
  OverrunPolicy,
  TrancheId,
  TrancheTerms,
} from './operations.ts';

/** A principal's or a pool's account in one book. Its money lies in its tranches. */
export interface Account {
  readonly id: AccountId;
  readonly book: Book;
  readonly overrunPolicy: OverrunPolicy;
  /** How far it may be drawn below zero: 0 or negative. */
  readonly floor: Amount;
  /** Overrun not paid back. Negative: more was given back than was owed, and the next tranche gets it. */
  readonly owed: Amount;
  /** What open holds may still draw below zero. */
  readonly overdraftHeld: Amount;
}

/** `ahead`: not active yet; `open`: its activation was booked; `closed`: its expiry and rollover were booked. */
export type TrancheStage = 'ahead' | 'open' | 'closed';

export interface Tranche {
  readonly id: TrancheId;
  readonly account: AccountId;
  /** The grant that promised it; absent for funding and for what another account sent. */
  readonly grantId?: string;
  readonly priority: number;
  readonly effectiveAt: Instant;
  readonly expiresAt?: Instant;
  readonly createdAt: Instant;
  readonly rollover?: NonNullable<TrancheTerms['rollover']>;
  readonly stage: TrancheStage;
  /** What came in less what went out, its booked-ahead expiry aside. After its expiry: what was breakage then. */
  readonly posted: Amount;
  readonly held: Amount;
  /** Counts the transfers that changed `posted`, from 1. */
  readonly version: number;
}

/** What a hold took from one tranche, and what of that (or beyond it) was charged in the end. In burn order. */
export interface HoldSlice {
  readonly account: AccountId;
  readonly tranche: TrancheId;
  readonly took: Amount;
  readonly charged: Amount;
}

/** A call's money from its hold to its end. A charge after the fact is a hold of nothing, settled at once. */
export interface Hold {
  readonly id: HoldId;
  readonly book: Book;
  readonly state: HoldState;
  /** In funding order. What no tranche covers falls to the last. */
  readonly accounts: readonly AccountId[];
  readonly asked: Amount;
  readonly least: Amount;
  readonly leaseMs?: number;
  /** What the call has certainly used. */
  readonly known: Amount;
  readonly amount: Amount;
  readonly slices: readonly HoldSlice[];
  /** The part of `amount` that the last account's floor covers, not a tranche. */
  readonly overdraft: Amount;
  readonly charged: Amount;
  /** The part of `charged` that no tranche bore. */
  readonly overrun: Amount;
  /** The part of `charged` that was undone since. */
  readonly reversed: Amount;
  readonly createdAt: Instant;
  readonly leaseUntil?: Instant;
  /** When it stopped holding. */
  readonly endedAt?: Instant;
  readonly settledLateAt?: Instant;
  /** The balance after the hold, and after its end: part of the first answers, which are given again for ever. */
  readonly availableThen: Amount;
  readonly availableAtEnd?: Amount;
  readonly renewsAt?: Instant;
  readonly entry?: EntryId;
  readonly call: CallFacts;
  readonly charge?: ChargeFacts;
}

/**
 * Where money can stand. `promised` and `overrun` are one account for each principal or pool, `tranche` is one tranche
 * of it; the rest add up a book, and charges a provider's model in it.
 */
export type Place =
  | 'company'
  | 'promised'
  | 'tranche'
  | 'breakage'
  | 'forfeiture'
  | 'overrun'
  | 'transfers'
  | `charges/${string}`;

/** One movement of money, debit to credit: an entry sums to zero because every one of its transfers does. */
export interface Transfer {
  /** Whose money it is. */
  readonly account: AccountId;
  readonly debit: Place;
  readonly credit: Place;
  /** Above zero. */
  readonly amount: Amount;
  /** When it takes effect; ahead of the entry for what was booked ahead. */
  readonly at: Instant;
  /** The tranche that `debit` or `credit` means. */
  readonly tranche?: TrancheId;
  /** The tranche's version and `posted` after this transfer; absent on its booked-ahead expiry. */
  readonly version?: number;
  readonly balanceAfter?: Amount;
}

export type Cause = LedgerOperation['kind'] | 'late_settle' | 'rollover' | 'repay';

/** Transfers that happen together or not at all. */
export interface Entry {
  readonly id: EntryId;
  readonly at: Instant;
  readonly cause: Cause;
  readonly book: Book;
  /** What caused it: an operation, a hold, or for a boundary the tranche whose boundary it was. */
  readonly operationId: OperationId;
  /** The hold whose charge it is. */
  readonly hold?: HoldId;
  readonly transfers: readonly Transfer[];
}

/** An operation that was answered, by what it asked and what it got. Holds remember theirs themselves. */
export interface Answered {
  readonly id: OperationId;
  /** Each field of the operation as canonical text. */
  readonly asked: Readonly<Record<string, string>>;
  readonly outcome: LedgerOutcome;
}

/** What a decision needs to see: every row that its operations name, and all that is open of their accounts. */
export interface LedgerState {
  readonly accounts: readonly Account[];
  readonly tranches: readonly Tranche[];
  readonly holds: readonly Hold[];
  readonly answered: readonly Answered[];
  /** The holds charged by the entries that reversals name; an entry that gave back charged none. */
  readonly charges: ReadonlyMap<EntryId, HoldId>;
}

/** What a decision changes: new rows, and rows to be put in the place of those with their id. */
export interface LedgerWrites {
  readonly accounts: readonly Account[];
  readonly tranches: { readonly fresh: readonly Tranche[]; readonly changed: readonly Tranche[] };
  readonly holds: { readonly fresh: readonly Hold[]; readonly changed: readonly Hold[] };
  readonly entries: readonly Entry[];
  readonly answered: readonly Answered[];
}
