/**
 * A working copy of the ledger while a batch is decided. Everything that changes a row goes through here, so that the
 * running figures, the journal and the booked-ahead expiries cannot part ways.
 */
import { type Amount, greatest, nano, ZERO } from '../money/amount.ts';
import type { Instant } from '../time/instant.ts';
import { availableOf, compareBurnOrder } from './burn-order.ts';
import type { AccountId, Book, EntryId, HoldId, OperationId, TrancheId } from './operations.ts';
import { planOfExpiry } from './plan-of-expiry.ts';
import type {
  Account,
  Answered,
  Cause,
  Entry,
  Hold,
  LedgerState,
  LedgerWrites,
  Place,
  Tranche,
  TrancheStage,
  Transfer,
} from './state.ts';

/** What a decision is told besides the state: the database's clock, and names for what it makes. */
export interface DecisionContext {
  readonly now: Instant;
  /** A new entry's id, ascending. */
  readonly entryId: () => EntryId;
  /** The id of what rolls over from a tranche: always the same for the same tranche, so it happens once. */
  readonly successorOf: (tranche: TrancheId) => TrancheId;
}

type Working<T> = { -readonly [Key in keyof T]: T[Key] };

interface OpenAccount {
  readonly account: Working<Account>;
  /** In burn order. */
  readonly tranches: Working<Tranche>[];
}

/** An entry being written. It is kept when it has a transfer. */
export interface Posting extends Entry {
  readonly transfers: Transfer[];
}

export class LedgerDraft {
  readonly now: Instant;
  readonly context: DecisionContext;
  readonly #accounts = new Map<AccountId, OpenAccount>();
  readonly #tranches = new Map<TrancheId, Working<Tranche>>();
  readonly #holds: Map<HoldId, Hold>;
  readonly #answered: Map<OperationId, Answered>;
  readonly #charges: ReadonlyMap<EntryId, HoldId>;
  readonly #fresh = { tranches: new Set<TrancheId>(), holds: new Set<HoldId>(), answered: new Set<OperationId>() };
  readonly #changed = { accounts: new Set<AccountId>(), tranches: new Set<TrancheId>(), holds: new Set<HoldId>() };
  readonly #entries: Posting[] = [];

  constructor(state: LedgerState, context: DecisionContext) {
    this.now = context.now;
    this.context = context;
    for (const account of state.accounts) this.#accounts.set(account.id, { account: { ...account }, tranches: [] });
    for (const tranche of state.tranches) this.#placeTranche({ ...tranche });
    for (const { tranches } of this.#accounts.values()) tranches.sort(compareBurnOrder);
    this.#holds = new Map(state.holds.map((hold) => [hold.id, hold]));
    this.#answered = new Map(state.answered.map((each) => [each.id, each]));
    this.#charges = state.charges;
  }

  accountIds(): AccountId[] {
    return [...this.#accounts.keys()];
  }

  account(id: AccountId): Account | undefined {
    return this.#accounts.get(id)?.account;
  }

  /** An account's tranches in burn order, inactive ones too. */
  tranchesOf(account: AccountId): readonly Tranche[] {
    return this.#accounts.get(account)?.tranches ?? [];
  }

  tranche(id: TrancheId): Tranche | undefined {
    return this.#tranches.get(id);
  }

  hold(id: HoldId): Hold | undefined {
    return this.#holds.get(id);
  }

  answered(id: OperationId): Answered | undefined {
    return this.#answered.get(id);
  }

  holdChargedBy(entry: EntryId): HoldId | undefined {
    return this.#charges.get(entry);
  }

  /** What the accounts' active tranches have, less what is held of them. */
  available(accounts: readonly AccountId[]): Amount {
    let sum = 0n;
    for (const id of accounts) for (const tranche of this.tranchesOf(id)) sum += availableOf(tranche, this.now);
    return nano(sum);
  }

  /** What an account may still be drawn below zero. */
  overdraftLeft(id: AccountId): Amount {
    const account = this.account(id);
    return account ? greatest(ZERO, nano(-account.floor - account.owed - account.overdraftHeld)) : ZERO;
  }

  /** Begins an entry; `book` is that of the accounts it will move money of. */
  begin(cause: Cause, book: Book, operationId: OperationId, hold?: HoldId): Posting {
    const id = this.context.entryId();
    const entry = {
      id,
      at: this.now,
      cause,
      book,
      operationId,
      transfers: [],
      ...(hold === undefined ? {} : { hold }),
    };
    this.#entries.push(entry);
    return entry;
  }

  /** Moves `amount` (nothing when 0) from a place into a tranche, and what the tranche will lose at its expiry. */
  moveIn(entry: Posting, id: TrancheId, from: Place, amount: Amount, at = this.now): void {
    this.#move(entry, id, { debit: from, credit: 'tranche', amount, at }, amount);
  }

  /** Moves `amount` (nothing when 0) out of a tranche to a place, and takes it out of what it will lose. */
  moveOut(entry: Posting, id: TrancheId, to: Place, amount: Amount, at = this.now): void {
    this.#move(entry, id, { debit: 'tranche', credit: to, amount, at }, nano(-amount));
  }

  /** Moves `amount` (nothing when 0) of an account's money between places that are no tranche. */
  move(entry: Posting, account: AccountId, debit: Place, credit: Place, amount: Amount, at = this.now): void {
    if (amount !== 0n) entry.transfers.push({ account, debit, credit, amount, at });
  }

  addTranche(tranche: Omit<Tranche, 'stage' | 'posted' | 'held' | 'version'>): void {
    const fresh: Working<Tranche> = { ...tranche, stage: 'ahead', posted: ZERO, held: ZERO, version: 0 };
    this.#placeTranche(fresh);
    this.#accounts.get(tranche.account)?.tranches.sort(compareBurnOrder);
    this.#fresh.tranches.add(tranche.id);
  }

  /** `by` is negative when a hold lets go. */
  changeHeld(id: TrancheId, by: Amount): void {
    const tranche = this.#requireTranche(id);
    tranche.held = nano(tranche.held + by);
  }

  setStage(id: TrancheId, stage: TrancheStage): void {
    this.#requireTranche(id).stage = stage;
  }

  changeOwed(id: AccountId, by: Amount): void {
    if (by === 0n) return;
    const account = this.#requireAccount(id);
    account.owed = nano(account.owed + by);
  }

  changeOverdraftHeld(id: AccountId, by: Amount): void {
    if (by === 0n) return;
    const account = this.#requireAccount(id);
    account.overdraftHeld = nano(account.overdraftHeld + by);
  }

  putHold(hold: Hold): void {
    if (this.#holds.has(hold.id)) this.#changed.holds.add(hold.id);
    else this.#fresh.holds.add(hold.id);
    this.#holds.set(hold.id, hold);
  }

  putAnswered(answered: Answered): void {
    this.#answered.set(answered.id, answered);
    this.#fresh.answered.add(answered.id);
  }

  writes(): LedgerWrites {
    const { accounts, tranches, holds } = this.#changed;
    const fresh = this.#fresh;
    return {
      accounts: [...accounts].map((id) => this.#requireAccount(id)),
      tranches: {
        fresh: pick(this.#tranches, fresh.tranches),
        changed: pick(this.#tranches, without(tranches, fresh.tranches)),
      },
      holds: { fresh: pick(this.#holds, fresh.holds), changed: pick(this.#holds, without(holds, fresh.holds)) },
      entries: this.#entries.filter(({ transfers }) => transfers.length > 0),
      answered: pick(this.#answered, fresh.answered),
    };
  }

  #move(entry: Posting, id: TrancheId, movement: Omit<Transfer, 'account'>, change: Amount): void {
    if (change === 0n) return;
    const tranche = this.#requireTranche(id);
    tranche.posted = nano(tranche.posted + change);
    tranche.version += 1;
    const { account, version, posted: balanceAfter } = tranche;
    const transfer: Transfer = { account, ...movement, tranche: id, version, balanceAfter };
    entry.transfers.push(transfer);
    const plan = planOfExpiry(tranche, transfer);
    if (plan) entry.transfers.push(plan);
  }

  #placeTranche(tranche: Working<Tranche>): void {
    this.#tranches.set(tranche.id, tranche);
    this.#accounts.get(tranche.account)?.tranches.push(tranche);
  }

  #requireTranche(id: TrancheId): Working<Tranche> {
    const tranche = this.#tranches.get(id);
    if (!tranche) throw new Error(`the state does not have tranche ${id}`);
    this.#changed.tranches.add(id);
    return tranche;
  }

  #requireAccount(id: AccountId): Working<Account> {
    const open = this.#accounts.get(id);
    if (!open) throw new Error(`the state does not have account ${id}`);
    this.#changed.accounts.add(id);
    return open.account;
  }
}

function pick<Id, Row>(rows: ReadonlyMap<Id, Row>, ids: ReadonlySet<Id>): Row[] {
  return [...ids].flatMap((id) => rows.get(id) ?? []);
}

function without<Id>(ids: ReadonlySet<Id>, others: ReadonlySet<Id>): Set<Id> {
  return new Set([...ids].filter((id) => !others.has(id)));
}
