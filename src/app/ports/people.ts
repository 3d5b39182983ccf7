/** Principals as they are kept: people, and services that a pool pays for. */
import type { AccountId, Book } from '../../core/ledger/operations.ts';
import type { Amount } from '../../core/money/amount.ts';
import type { Instant } from '../../core/time/instant.ts';
import type { Page, Paged } from '../ports.ts';

export type PrincipalStatus = 'active' | 'suspended';

/** A principal's or pool's account in each book. */
export type Accounts = Readonly<Record<Book, AccountId>>;

/** What is known of a person beside the name; all of it may be unknown. */
export interface PersonFacts {
  readonly externalId?: string;
  readonly department?: string;
  readonly team?: string;
  readonly jobFamily?: string;
  readonly level?: string;
  readonly location?: string;
  readonly managerEmail?: string;
  /** A year's, as agreed for this person at their own share of time. */
  readonly baseSalary?: Amount;
  /** Above 0 and up to 1. */
  readonly fte?: number;
}

export interface PersonRecord extends PersonFacts {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly status: PrincipalStatus;
  /** `YYYY-MM-DD`. */
  readonly startDate: string;
  readonly accounts: Accounts;
  readonly createdAt: Instant;
}

/** `undefined` leaves a fact as it is; `null` takes it away. */
export type PersonChange = {
  readonly [Fact in keyof PersonFacts]?: PersonFacts[Fact] | null | undefined;
} & {
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly status?: PrincipalStatus | undefined;
  readonly startDate?: string | undefined;
};

/** What somebody else has already, where only one may have it. */
export interface Taken<Field extends string> {
  readonly taken: Field;
}

export interface PeopleQuery extends Page {
  readonly email?: string;
  readonly externalId?: string;
}

export interface People {
  find(id: string): Promise<PersonRecord | undefined>;
  list(query: PeopleQuery): Promise<Paged<PersonRecord>>;
  /** An id that is kept already returns what is kept: adding is safe to repeat. E-mail addresses differ beyond case. */
  add(person: Omit<PersonRecord, 'createdAt'>): Promise<PersonRecord | Taken<'email' | 'externalId'>>;
  /** A person who is suspended or active again is so for every process within a second. `undefined`: there is none. */
  change(id: string, change: PersonChange): Promise<PersonRecord | Taken<'email' | 'externalId'> | undefined>;
}

export interface ServiceRecord {
  readonly id: string;
  readonly name: string;
  readonly status: PrincipalStatus;
  /** The pool that owns the service and pays for it unless a key says otherwise. */
  readonly poolId: string;
  /** The person who answers for it. */
  readonly stewardId: string;
  readonly createdAt: Instant;
}

export interface ServiceChange {
  readonly name?: string | undefined;
  readonly stewardId?: string | undefined;
  readonly status?: PrincipalStatus | undefined;
}

export interface Services {
  find(id: string): Promise<ServiceRecord | undefined>;
  list(page: Page): Promise<Paged<ServiceRecord>>;
  add(service: Omit<ServiceRecord, 'createdAt'>): Promise<ServiceRecord>;
  change(id: string, change: ServiceChange): Promise<ServiceRecord | undefined>;
}
