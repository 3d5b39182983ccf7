/**
 * Everything that can be asked of the ledger, and every answer. One operation is one journal entry at the most:
 * it happens whole or not at all, once for its id, and the same id always gets the same answer.
 *
 * Money stands in accounts. A principal (person or service) and a pool each have one account in each book; what they
 * may spend lies there in tranches. The other accounts (funding, promised, charges, breakage, forfeiture, overrun) only
 * add up what happened.
 */
import type { Amount } from '../money/amount.ts';
import type { TokenUsage, ToolUnit } from '../pricing/usage.ts';
import type { Instant } from '../time/instant.ts';

/**
 * `live` is real money; `test` is what calls to the sandbox are charged to. Grants and pool funding are posted in both,
 * so that trying the product costs nobody's real budget; no entry ever has a foot in each.
 */
export type Book = 'live' | 'test';

export type AccountId = string;
export type TrancheId = string;
export type HoldId = string;
export type EntryId = string;
export type OperationId = string;

/** When a principal's balance is spent beyond what is there: the company bears it, or the next tranche pays it first. */
export type OverrunPolicy = 'absorb' | 'repay';

/** One part of a promise: spendable in [effectiveAt, expiresAt). */
export interface TrancheTerms {
  readonly id: TrancheId;
  readonly amount: Amount;
  /** Lower burns first. */
  readonly priority: number;
  readonly effectiveAt: Instant;
  /** Absent: never expires. */
  readonly expiresAt?: Instant;
  /** What of an unspent balance lives on at `expiresAt`, and until when: min(most, max(least, balance)). */
  readonly rollover?: { readonly most: Amount; readonly least: Amount; readonly expiresAt?: Instant };
}

/** What a hold or charge was for; stored beside it, never interpreted by the ledger. */
export interface CallFacts {
  readonly requestId: string;
  readonly keyId?: string;
  readonly principalId: string;
  readonly provider: string;
  readonly wire?: string;
  readonly model: string;
  readonly priceSheet?: string;
  readonly source?: string;
  readonly externalId?: string;
  readonly agent?: string;
  readonly session?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** How a call ended. `estimated`: no report came and the charge is what was certainly used. */
export type CallOutcome = 'completed' | 'cancelled' | 'failed' | 'estimated' | 'unenforced';

/** What a settle records of the call beside its amount. */
export interface ChargeFacts {
  readonly outcome: CallOutcome;
  /** The model that billed, when it is not the one that was asked for. */
  readonly model?: string;
  readonly usage?: TokenUsage;
  readonly toolUses?: Readonly<Partial<Record<ToolUnit, number>>>;
}

export type LedgerOperation =
  /** Company money into a pool. */
  | { readonly kind: 'fund'; readonly id: OperationId; readonly account: AccountId; readonly tranche: TrancheTerms }
  /** A promise to a principal, from the company or from a pool, whose available balance must cover it. */
  | {
      readonly kind: 'grant';
      readonly id: OperationId;
      readonly account: AccountId;
      readonly grantId: string;
      readonly from: AccountId | 'company';
      readonly tranches: readonly TrancheTerms[];
    }
  /**
   * Sets aside `amount`, or what there is of it down to `least`, from the accounts in funding order.
   * `known` is what the call has certainly used once it was sent (its counted input): what a crash leaves to charge.
   */
  | {
      readonly kind: 'hold';
      readonly id: HoldId;
      readonly accounts: readonly AccountId[];
      readonly amount: Amount;
      readonly least: Amount;
      readonly known: Amount;
      /** Milliseconds on the database's clock; absent: none, it stands until it is resolved. */
      readonly leaseMs?: number;
      /** Keep a refusal too, so that the id stays refused for ever (operations from outside). */
      readonly sticky: boolean;
      readonly call: CallFacts;
    }
  /** What a running call has used by now, and its lease anew. Never lowers `known`. */
  | { readonly kind: 'checkpoint'; readonly id: HoldId; readonly known: Amount; readonly leaseMs: number }
  | { readonly kind: 'settle'; readonly id: HoldId; readonly amount: Amount; readonly charge: ChargeFacts }
  | { readonly kind: 'void'; readonly id: HoldId }
  /** The sweeper's: a hold past its lease is charged what is known of it and the rest is released. */
  | { readonly kind: 'expire'; readonly id: HoldId }
  /** After the fact, for what did not pass the gateway: what the accounts cannot cover is overrun. */
  | {
      readonly kind: 'charge';
      readonly id: OperationId;
      readonly accounts: readonly AccountId[];
      readonly amount: Amount;
      readonly call: CallFacts;
      readonly charge: ChargeFacts;
    }
  /** Undoes a posted charge, whole or in part, by a new entry: back into the slices it came from, last taken first. */
  | { readonly kind: 'reverse'; readonly id: OperationId; readonly entry: EntryId; readonly amount: Amount }
  /** Spendable money from one principal's or pool's account to another's. */
  | {
      readonly kind: 'transfer';
      readonly id: OperationId;
      readonly from: AccountId;
      readonly to: AccountId;
      readonly tranche: TrancheTerms;
    }
  /**
   * Takes back what has not vested yet of a grant (leaving, superseding); with `vestedToo` also what of it has vested
   * and is neither spent nor held (clawback).
   */
  | {
      readonly kind: 'forfeit';
      readonly id: OperationId;
      readonly account: AccountId;
      readonly grantId: string;
      readonly vestedToo?: true;
    };

/** The operations of one kind. */
export type Operation<Kind extends LedgerOperation['kind']> = Extract<LedgerOperation, { readonly kind: Kind }>;

/** The part of an operation's amount that one tranche bore, in burn order. */
export interface Slice {
  readonly account: AccountId;
  readonly tranche: TrancheId;
  readonly amount: Amount;
}

export type HoldState = 'held' | 'settled' | 'voided' | 'expired' | 'refused';

/**
 * Why an operation was refused. Nothing was written but, where an id must stay refused, the refusal itself: a sticky
 * hold's, and that of a grant or transfer whose source did not cover it.
 */
export type LedgerRefusal =
  | { readonly why: 'insufficient'; readonly available: Amount; readonly renewsAt?: Instant }
  /** The hold's state stands in the way: it was resolved otherwise, or (`held`) its lease has not ended. */
  | { readonly why: 'already'; readonly state: HoldState; readonly amount: Amount }
  | { readonly why: 'id_reused'; readonly differs: readonly string[] }
  | { readonly why: 'unknown'; readonly what: 'account' | 'hold' | 'entry' | 'grant'; readonly id: string }
  | { readonly why: 'beyond'; readonly most: Amount };

/** Every write returns the balance after it: `available` over the operation's accounts. */
export type LedgerOutcome =
  | {
      readonly ok: true;
      /** Now, on the database's clock. */
      readonly at: Instant;
      /** What was held, settled, charged or moved. */
      readonly amount: Amount;
      /** What of it went to overrun. */
      readonly overrun: Amount;
      readonly slices: readonly Slice[];
      readonly available: Amount;
      /** The journal entry that was written; absent when no money moved (a hold, a void, a settle of nothing). */
      readonly entry?: EntryId;
      /** The id had been used by the same operation before; this is its first answer. */
      readonly repeated: boolean;
    }
  | { readonly ok: false; readonly at: Instant; readonly refusal: LedgerRefusal };

/** A principal's or pool's account as of an instant; the identities of the contract hold between the figures. */
export interface Balance {
  readonly asOf: Instant;
  readonly granted: Amount;
  readonly unvested: Amount;
  readonly vested: Amount;
  readonly held: Amount;
  readonly spent: Amount;
  readonly expired: Amount;
  readonly forfeited: Amount;
  readonly transferredIn: Amount;
  readonly transferredOut: Amount;
  readonly overrun: Amount;
  readonly available: Amount;
}
