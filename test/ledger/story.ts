/**
 * One person's account (and a pool's) in a small ledger, with words short enough to tell a case in. Times are told from
 * T0 = 2024-01-01T00:00Z, amounts in nano-dollars. After every step the auditor looks at the books.
 */
import { expect } from 'vitest';
import type {
  Balance,
  LedgerOperation,
  LedgerOutcome,
  OverrunPolicy,
  TrancheTerms,
} from '../../src/core/ledger/operations.ts';
import { type Amount, nano } from '../../src/core/money/amount.ts';
import { type Instant, instant } from '../../src/core/time/instant.ts';
import { audit } from './auditor.ts';
import { MemoryLedger } from './memory-ledger.ts';

export const T0 = Date.UTC(2024, 0, 1);
export const SECOND = 1_000;
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

/** `+1d1h`, `-30m`, `+2s`: a time from T0; `T0` itself. */
export function at(offset: string): Instant {
  const sign = offset.startsWith('-') ? -1 : 1;
  const unit = { d: DAY, h: HOUR, m: MINUTE, s: SECOND };
  let ms = 0;
  for (const [, count, name] of offset.matchAll(/(\d+)([dhms])/g))
    ms += Number(count) * unit[name as 'd' | 'h' | 'm' | 's'];
  return instant(T0 + sign * ms);
}

export interface Grant {
  readonly amount?: number;
  readonly priority?: number;
  readonly from?: string;
  readonly until?: string;
  readonly booked?: string;
  readonly id?: string;
  readonly rollover?: { readonly most: number; readonly least?: number; readonly until?: string };
}

/** One person's account (and a pool where one is needed), and what happens to it. */
export class Story {
  readonly ledger: MemoryLedger;
  #count = 0;
  #now = at('-3650d');

  constructor(overrunPolicy: OverrunPolicy = 'absorb', floor = 0) {
    const account = { book: 'live', overrunPolicy, owed: nano(0n), overdraftHeld: nano(0n) } as const;
    this.ledger = new MemoryLedger([
      { ...account, id: 'person', floor: nano(BigInt(floor)) },
      { ...account, id: 'pool', floor: nano(0n) },
    ]);
  }

  do(operation: LedgerOperation, when: string): LedgerOutcome {
    const [outcome] = this.together([operation], when);
    if (!outcome) throw new Error('no outcome');
    return outcome;
  }

  together(operations: readonly LedgerOperation[], when: string): readonly LedgerOutcome[] {
    this.#now = instant(Math.max(this.#now, at(when)));
    const outcomes = this.ledger.commit(operations, this.#now);
    expect(audit(this.ledger, this.#now)).toEqual([]);
    return outcomes;
  }

  terms(grant: Grant = {}): TrancheTerms {
    const { amount = 100, priority = 1, from = 'T0', until = '+30d', rollover } = grant;
    this.#count += 1;
    return {
      id: grant.id ?? `tranche ${this.#count}`,
      amount: nano(BigInt(amount)),
      priority,
      effectiveAt: at(from),
      expiresAt: at(until),
      ...(rollover === undefined
        ? {}
        : {
            rollover: {
              most: nano(BigInt(rollover.most)),
              least: nano(BigInt(rollover.least ?? 0)),
              expiresAt: at(rollover.until ?? '+30d'),
            },
          }),
    };
  }

  grant(grant: Grant = {}, operation: { id?: string; from?: string; account?: string } = {}): LedgerOutcome {
    const terms = this.terms(grant);
    const { id = `grant of ${terms.id}`, from = 'company', account = 'person' } = operation;
    return this.do(
      { kind: 'grant', id, account, grantId: id, from, tranches: [terms] },
      grant.booked ?? (at(grant.from ?? 'T0') < T0 ? (grant.from ?? 'T0') : 'T0'),
    );
  }

  use(amount: number, when: string): LedgerOutcome {
    this.#count += 1;
    const id = `use ${this.#count}`;
    return this.do(
      {
        kind: 'charge',
        id,
        accounts: ['person'],
        amount: nano(BigInt(amount)),
        call: { requestId: id, principalId: 'p', provider: 'sandbox', model: 'm' },
        charge: { outcome: 'unenforced' },
      },
      when,
    );
  }

  hold(id: string, amount: number, when: string, terms: { least?: number; leaseMs?: number } = {}): LedgerOutcome {
    return this.do(holdOf(id, amount, terms), when);
  }

  settle(id: string, amount: number, when: string): LedgerOutcome {
    return this.do(settleOf(id, amount), when);
  }

  read(when: string): Balance {
    return this.ledger.balance('person', at(when), instant(Math.max(this.#now, at(when))));
  }

  /** What each tranche has available, by its id, in the order of their grants. */
  left(when: string): number[] {
    const now = at(when);
    this.ledger.commit([], now);
    return [...this.ledger.tranches.values()].map(({ posted, held, effectiveAt, expiresAt }) =>
      effectiveAt <= now && (expiresAt === undefined || now < expiresAt) ? Number(posted - held) : 0,
    );
  }
}

export function holdOf(
  id: string,
  amount: number,
  { least = amount, leaseMs }: { least?: number; leaseMs?: number } = {},
) {
  return {
    kind: 'hold',
    id,
    accounts: ['person'],
    amount: nano(BigInt(amount)),
    least: nano(BigInt(least)),
    known: nano(0n),
    ...(leaseMs === undefined ? {} : { leaseMs }),
    sticky: true,
    call: { requestId: id, principalId: 'p', provider: 'sandbox', model: 'm' },
  } satisfies LedgerOperation;
}

export function settleOf(id: string, amount: number) {
  return {
    kind: 'settle',
    id,
    amount: nano(BigInt(amount)),
    charge: { outcome: 'completed' },
  } satisfies LedgerOperation;
}

/** `posted`, or the reason why not; `as before` for a first answer given again. */
export function said(outcome: LedgerOutcome | undefined): string {
  if (!outcome) return 'nothing';
  if (!outcome.ok) return outcome.refusal.why;
  return outcome.repeated ? 'as before' : 'posted';
}

export const numbers = (amounts: readonly Amount[]): number[] => amounts.map(Number);
