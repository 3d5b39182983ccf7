/** The whole outside world on one page: what the use cases need of it, in the rules' own words. */
import type {
  AccountId,
  Balance,
  Book,
  HoldId,
  LedgerOperation,
  LedgerOutcome,
  OverrunPolicy,
} from '../core/ledger/operations.ts';
import type { Amount } from '../core/money/amount.ts';
import type { PriceSheet } from '../core/pricing/sheet.ts';
import type { MeteredCall } from '../core/pricing/usage.ts';
import type { Instant } from '../core/time/instant.ts';

/** Wall time, for what people see. Decisions about money use the database's clock, inside the ledger. */
export interface Clock {
  now(): Instant;
}

/** New identifiers: UUIDv7, or derived from a caller's idempotency key so that a repeat meets its first self. */
export interface Ids {
  fresh(): string;
  derived(from: string): string;
}

/** The operator's log. Never a secret, never a prompt. */
export interface Log {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  error(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** Counts of what happens, for the operator's graphs. */
export interface Measures {
  called(wire: string, ending: string): void;
  refused(wire: string, code: string): void;
}

// ---------------------------------------------------------------- ledger

export interface Ledger {
  /** Decides and books one operation; many at once share a transaction. Throws `Refused(store_unavailable)`. */
  commit(operation: LedgerOperation): Promise<LedgerOutcome>;
  /**
   * Opens the accounts of a new owner, one in each book; repeating it changes nothing. `floor` (0 or negative) is how far
   * a hold may draw them below zero; 0 unless said.
   */
  openAccounts(owner: AccountOwner, overrun: OverrunPolicy, floor?: Amount): Promise<Record<Book, AccountId>>;
  balance(account: AccountId, asOf?: Instant): Promise<Balance>;
  /** Holds whose lease has ended, oldest first. */
  overdueHolds(most: number): Promise<readonly HoldId[]>;
  hold(id: HoldId): Promise<HoldRecord | undefined>;
  /** Re-derives what must hold; see `GET /ledger/verify` in the contract. */
  verify(): Promise<LedgerVerdict>;
  entries(page: Page): Promise<Paged<EntryRecord>>;
}

export interface AccountOwner {
  readonly kind: 'person' | 'service' | 'pool';
  readonly id: string;
}

export interface HoldRecord {
  readonly id: HoldId;
  readonly state: 'held' | 'settled' | 'voided' | 'expired' | 'refused';
  readonly book: Book;
  readonly amount: Amount;
  readonly charged: Amount;
  readonly principalId: string;
  readonly keyId?: string;
  readonly createdAt: Instant;
  readonly leaseUntil?: Instant;
}

export interface LedgerVerdict {
  readonly ok: boolean;
  readonly entries: number;
  readonly debits: Amount;
  readonly credits: Amount;
  readonly openHolds: number;
  readonly negativeAccounts: number;
  readonly auditOk: boolean;
  /** What is wrong, one sentence each; empty when ok. */
  readonly findings: readonly string[];
}

export interface EntryRecord {
  readonly id: string;
  readonly at: Instant;
  readonly cause: string;
  readonly book: Book;
  readonly operationId: string;
  readonly transfers: readonly { readonly debit: string; readonly credit: string; readonly amount: Amount }[];
}

// ---------------------------------------------------------------- records

/** A page of a list: `after` is the opaque cursor of the page before. */
export interface Page {
  readonly limit: number;
  readonly after?: string;
}

export interface Paged<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

export interface UsageQuery extends Page {
  readonly principalId?: string;
  readonly from?: Instant;
  readonly to?: Instant;
}

export interface UsageRecord {
  readonly requestId: string;
  readonly at: Instant;
  readonly book: Book;
  readonly provider: string;
  readonly wire?: string;
  readonly model: string;
  readonly usage?: MeteredCall['lines'][number]['usage'];
  readonly toolUses?: MeteredCall['toolUses'];
  /** What it was charged, and what of that was given back since. */
  readonly cost: Amount;
  readonly reversed?: Amount;
  readonly priceSheet?: string;
  readonly outcome: string;
  readonly principalId: string;
  readonly keyId?: string;
  readonly agent?: string;
  readonly session?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface UsageRecords {
  list(query: UsageQuery): Promise<Paged<UsageRecord>>;
}

export interface Prices {
  /** The sheet in force at `at`, the operator's overrides applied. */
  sheet(at: Instant): Promise<PriceSheet>;
}

// ---------------------------------------------------------------- keys

export interface KeyRecord {
  readonly id: string;
  readonly name: string;
  readonly principal: AccountOwner & { readonly kind: 'person' | 'service' };
  readonly parentKeyId?: string;
  /** Accounts in the order they pay, for each book. */
  readonly funding: Readonly<Record<Book, readonly AccountId[]>>;
  readonly models?: readonly string[];
  readonly createdAt: Instant;
  readonly expiresAt?: Instant;
  readonly revokedAt?: Instant;
  readonly lastUsedAt?: Instant;
}

export interface Keys {
  /**
   * Who holds this key, from memory where it may be: a revocation anywhere is seen within a second, and a key whose
   * checksum is wrong costs no look-up. Expired and revoked keys are returned with their dates; `undefined` is unknown.
   */
  holder(presented: string): Promise<KeyRecord | undefined>;
}

// ---------------------------------------------------------------- providers

export type ProviderName = 'anthropic' | 'openai' | 'gemini';

export interface UpstreamCall {
  readonly provider: ProviderName;
  /** What `route` answered when the call was booked. If that has changed since, the call fails `blocked`, unsent. */
  readonly destination: ProviderName | 'sandbox';
  readonly method: 'GET' | 'POST';
  /** Path and query as the provider knows them, beginning with `/v1…`, without any credential. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body?: Uint8Array;
}

/** What a provider's answer does as it arrives; never called before `start` returns, nor after `ended` or `failed`. */
export interface UpstreamHandler {
  head(status: number, headers: Readonly<Record<string, string | string[]>>): void;
  /** `false`: the reader is full; call `resume` on the running call when it can take more. */
  data(chunk: Uint8Array): boolean;
  ended(): void;
  failed(failure: UpstreamFailure): void;
}

export interface UpstreamFailure {
  readonly kind: 'connect' | 'timeout' | 'reset' | 'aborted' | 'blocked';
  /** The request had begun to leave: the provider may have used what it was sent. */
  readonly sent: boolean;
  readonly cause: unknown;
}

export interface RunningCall {
  resume(): void;
  abort(): void;
}

export interface Upstreams {
  /** Where a provider's calls go now: to itself with the company's credential, or to the sandbox. */
  route(provider: ProviderName): Promise<{ readonly book: Book; readonly name: ProviderName | 'sandbox' }>;
  start(call: UpstreamCall, handler: UpstreamHandler): RunningCall;
}
