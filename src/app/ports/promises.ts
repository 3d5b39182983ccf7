/** Pools, and what is promised to them and to people: kept first, posted to the ledger after, so that a crash between is finished. */
import type { TrancheTerms } from '../../core/ledger/operations.ts';
import type { Amount } from '../../core/money/amount.ts';
import type { Instant } from '../../core/time/instant.ts';
import type { Page, Paged } from '../ports.ts';
import type { Accounts, Taken } from './people.ts';

export interface PoolRecord {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly accounts: Accounts;
  readonly createdAt: Instant;
}

export interface Pools {
  find(id: string): Promise<PoolRecord | undefined>;
  list(page: Page): Promise<Paged<PoolRecord>>;
  add(pool: Omit<PoolRecord, 'createdAt'>): Promise<PoolRecord | Taken<'name'>>;
}

/** `pending`: kept, its ledger entries are being written. */
export type PromiseState = 'pending' | 'active';

/** When a promise is spendable: civil dates as they were said, and what they are in the company's zone. */
export interface Term {
  readonly effectiveOn: string;
  readonly effectiveAt: Instant;
  readonly expiresOn?: string;
  readonly expiresAt?: Instant;
}

export interface FundingRecord extends Term {
  readonly id: string;
  readonly poolId: string;
  readonly amount: Amount;
  readonly state: PromiseState;
  readonly note?: string;
  readonly createdAt: Instant;
}

export interface GrantRecord extends Term {
  readonly id: string;
  readonly personId: string;
  readonly amount: Amount;
  readonly state: PromiseState;
  /** Decimal text, with the base salary it was taken of. */
  readonly percentOfBase?: string;
  readonly baseSalary?: Amount;
  /** The pool that gives it; absent: the company. */
  readonly poolId?: string;
  readonly priority: number;
  readonly rollover?: NonNullable<TrancheTerms['rollover']> & { readonly expiresOn?: string };
  readonly kind?: string;
  readonly taxTreatment?: string;
  readonly note?: string;
  readonly createdAt: Instant;
}

/** Promises of one kind. */
interface Promises<Kept extends { readonly id: string; readonly state: PromiseState }, Query extends Page> {
  find(id: string): Promise<Kept | undefined>;
  list(query: Query): Promise<Paged<Kept>>;
  /** Keeps it as pending; an id that is kept already returns what is kept. */
  keep(promise: Omit<Kept, 'createdAt' | 'state'>): Promise<Kept>;
  activate(id: string): Promise<Kept>;
  /** Those kept longer than `olderThanMs` ago and still pending, oldest first. */
  pending(olderThanMs: number): Promise<readonly Kept[]>;
}

export type Fundings = Promises<FundingRecord, Page & { readonly poolId?: string }>;

export interface Grants extends Promises<GrantRecord, Page & { readonly personId?: string }> {
  /** Takes back one that the ledger refused; never one that is active. */
  drop(id: string): Promise<void>;
}
