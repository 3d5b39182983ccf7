/**
 * The ledger a second time, told as simply as it can be: no journal, no double entry, nothing booked ahead. Time passes
 * boundary by boundary, every figure is a counter, and what a balance was is what was written down then. It shares no
 * rule with the product, only the words of its questions and answers: to agree, both would have to be wrong alike.
 */
import { isDeepStrictEqual } from 'node:util';
import type { LedgerOperation, LedgerRefusal, Operation } from '../../src/core/ledger/operations.ts';
import {
  type Account,
  availableIn,
  type Figures,
  figuresOf,
  inBurnOrder,
  isLive,
  openBook,
  type Policy,
  passTime,
  put,
  renewal,
  type Terms,
  type Tranche,
} from './model-accounts.ts';

/** Money of a call by where it came from; without a tranche it is what the company bore. */
interface Part {
  readonly account: Account;
  readonly tranche?: Tranche;
  readonly amount: bigint;
}

interface Hold {
  readonly asked: LedgerOperation;
  readonly begun: Said;
  readonly accounts: readonly Account[];
  readonly took: readonly Part[];
  readonly overdraft: bigint;
  state: 'held' | 'settled' | 'voided' | 'expired' | 'refused';
  known: bigint;
  leaseUntil: number;
  charged: bigint;
  /** What of the charge stands, in the order it was taken; what the company bore is last. */
  standing: Part[];
  ended?: Said;
}

/** An answer, without the id of its entry. */
export type Said =
  | { readonly ok: false; readonly at: number; readonly refusal: unknown }
  | {
      readonly ok: true;
      readonly at: number;
      readonly amount: bigint;
      readonly overrun: bigint;
      readonly slices: readonly { readonly account: string; readonly tranche: string; readonly amount: bigint }[];
      readonly available: bigint;
      readonly repeated: boolean;
    };

const sum = (parts: readonly { readonly amount: bigint }[]): bigint =>
  parts.reduce((all, { amount }) => all + amount, 0n);
/** A charge after the fact is a hold of nothing. */
const NOTHING = { amount: 0n, least: 0n, known: 0n, sticky: false, leaseMs: undefined };

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

export class LedgerModel {
  readonly holds = new Map<string, Hold>();
  /** Which hold an entry charged; told by who sees the entries. */
  readonly chargedBy = new Map<string, string>();
  readonly #book: Account[];
  readonly #policy: Policy;
  readonly #kept = new Map<string, { readonly asked: LedgerOperation; readonly said: Said }>();
  readonly #history: { readonly at: number; readonly figures: ReadonlyMap<string, Figures> }[] = [];
  now: number;

  constructor(ids: readonly string[], policy: Policy, now: number) {
    this.#book = openBook(ids);
    this.#policy = policy;
    this.now = now;
    this.#writeDown(Number.NEGATIVE_INFINITY);
  }

  /** What the ledger must say to an operation at `now`, never earlier than the one before. */
  apply(operation: LedgerOperation, now: number): Said {
    passTime(this.#book, this.#policy, this.now, now, (at) => this.#writeDown(at));
    this.now = now;
    const said = this.#decide(operation);
    this.#writeDown(now);
    return said;
  }

  /** The balance as of any instant: what was written down then, or what will be if nobody acts. */
  balance(id: string, asOf: number): Figures {
    const written = this.#history.findLast(({ at }) => at <= asOf);
    if (asOf <= this.now && written) return written.figures.get(id) ?? figuresOf(this.#account(id));
    const future = structuredClone(this.#book);
    passTime(future, this.#policy, this.now, asOf, () => undefined);
    return figuresOf(future.find((account) => account.id === id) ?? this.#account(id));
  }

  #writeDown(at: number): void {
    const figures = new Map(this.#book.map((account) => [account.id, figuresOf(account)]));
    if (this.#history.at(-1)?.at === at) this.#history.pop();
    this.#history.push({ at, figures });
  }

  #account(id: string): Account {
    const account = this.#book.find((each) => each.id === id);
    if (!account) throw new RangeError(`the model has no account ${id}`);
    return account;
  }

  #decide(operation: LedgerOperation): Said {
    switch (operation.kind) {
      case 'hold':
      case 'charge':
        return this.#begin(operation);
      case 'checkpoint':
        return this.#checkpoint(operation);
      case 'settle':
      case 'void':
      case 'expire':
        return this.#end(operation);
      default:
        return this.#once(operation);
    }
  }

  #once(operation: Operation<'fund' | 'grant' | 'transfer' | 'forfeit' | 'reverse'>): Said {
    const first = this.#kept.get(operation.id);
    if (first) return again(first.asked, operation, first.said);
    const said = this.#move(operation);
    if (said.ok || reasonOf(said) === 'insufficient') this.#kept.set(operation.id, { asked: operation, said });
    return said;
  }

  #move(operation: Operation<'fund' | 'grant' | 'transfer' | 'forfeit' | 'reverse'>): Said {
    switch (operation.kind) {
      case 'fund':
        return this.#promise(undefined, this.#account(operation.account), [operation.tranche], 'promise');
      case 'grant': {
        const from = operation.from === 'company' ? undefined : this.#account(operation.from);
        return this.#promise(from, this.#account(operation.account), operation.tranches, 'promise', operation.grantId);
      }
      case 'transfer':
        return this.#promise(this.#account(operation.from), this.#account(operation.to), [operation.tranche], 'gift');
      case 'forfeit':
        return this.#forfeit(operation);
      case 'reverse':
        return this.#reverse(operation);
    }
  }

  #promise(
    from: Account | undefined,
    to: Account,
    terms: readonly Terms[],
    brings: Tranche['brings'],
    grantId?: string,
  ): Said {
    const amount = sum(terms);
    if (from && availableIn([from]) < amount) return this.#insufficient([from], availableIn([from]));
    const taken = from ? this.#take([from], amount) : [];
    for (const part of taken) part.account.counted.transferredOut += part.amount;
    if (brings === 'promise') to.counted.granted += amount;
    const tellsOf = brings === 'gift' && from ? from : to;
    for (const each of terms) put(to, each, { now: this.now, brings, ...(grantId === undefined ? {} : { grantId }) });
    passTime(this.#book, this.#policy, this.now, this.now, () => undefined);
    return this.#yes({ amount, slices: taken, of: [tellsOf] });
  }

  #forfeit({ account: id, grantId, vestedToo }: Operation<'forfeit'>): Said {
    const account = this.#account(id);
    const mine = inBurnOrder(account).filter((tranche) => tranche.grantId === grantId);
    if (mine.length === 0) return this.#no({ why: 'unknown', what: 'grant' });
    const slices: Part[] = [];
    for (const tranche of mine) {
      const isTaken = tranche.phase === 'ahead' || (vestedToo && isLive(tranche));
      const amount = isTaken ? tranche.money - tranche.held : 0n;
      if (amount > 0n) slices.push({ account, tranche, amount });
      if (tranche.phase === 'live') account.counted.vested -= amount;
      tranche.money -= amount;
      account.counted.forfeited += amount;
    }
    return this.#yes({ amount: sum(slices), slices, of: [account] });
  }

  #reverse({ entry, amount }: Operation<'reverse'>): Said {
    const hold = this.holds.get(this.chargedBy.get(entry) ?? '');
    if (!hold) return this.#no({ why: 'unknown', what: 'entry' });
    if (amount > sum(hold.standing)) return this.#no({ why: 'beyond', most: sum(hold.standing) });
    const back = this.#giveBack(hold, amount);
    return this.#yes({ amount, slices: back.toReversed(), of: hold.accounts });
  }

  #begin(operation: Operation<'hold' | 'charge'>): Said {
    const first = this.holds.get(operation.id);
    if (first) return again(first.asked, operation, first.begun);
    const accounts = [...new Set(operation.accounts)].map((id) => this.#account(id));
    const asks = operation.kind === 'hold' ? operation : NOTHING;
    const last = payerOf(accounts);
    const mayOwe = -this.#policy.floor - last.owed - last.overdraft;
    const spendable = availableIn(accounts) + (mayOwe > 0n ? mayOwe : 0n);
    const amount = least(asks.amount, spendable);
    const isRefused = amount < asks.least;
    const took = isRefused ? [] : this.#pick(accounts, amount);
    const overdraft = isRefused ? 0n : amount - sum(took);
    for (const { tranche, amount: part } of took) if (tranche) tranche.held += part;
    last.overdraft += overdraft;
    const begun = isRefused
      ? this.#insufficient(accounts, spendable)
      : this.#yes({ amount, slices: took, of: accounts });
    const hold: Hold = {
      asked: operation,
      begun,
      accounts,
      took,
      overdraft,
      state: isRefused ? 'refused' : 'held',
      known: asks.known,
      leaseUntil: this.now + (asks.leaseMs ?? Number.POSITIVE_INFINITY),
      charged: 0n,
      standing: [],
    };
    if (!isRefused || asks.sticky) this.holds.set(operation.id, hold);
    if (operation.kind === 'hold') return begun;
    const said = this.#close(hold, 'settled', operation.amount);
    this.holds.set(operation.id, { ...hold, begun: said });
    return said;
  }

  #checkpoint({ id, known, leaseMs }: Operation<'checkpoint'>): Said {
    const hold = this.holds.get(id);
    if (!hold) return this.#no({ why: 'unknown', what: 'hold' });
    if (hold.state !== 'held') return this.#already(hold);
    if (known > hold.known) hold.known = known;
    hold.leaseUntil = this.now + leaseMs;
    return this.#yes({ amount: heldBy(hold), slices: hold.took, of: hold.accounts });
  }

  #end(operation: Operation<'settle' | 'void' | 'expire'>): Said {
    const hold = this.holds.get(operation.id);
    if (!hold) return this.#no({ why: 'unknown', what: 'hold' });
    const state = ({ settle: 'settled', void: 'voided', expire: 'expired' } as const)[operation.kind];
    const amount = operation.kind === 'settle' ? operation.amount : operation.kind === 'void' ? 0n : hold.known;
    const isLate = hold.state === 'expired' && operation.kind === 'settle';
    const isDue = operation.kind !== 'expire' || hold.leaseUntil <= this.now;
    if ((hold.state === 'held' && isDue) || isLate) return this.#close(hold, state, amount);
    const isRepeat = hold.state === state && (operation.kind !== 'settle' || hold.charged === amount);
    return isRepeat && hold.ended ? repeated(hold.ended) : this.#already(hold);
  }

  /** Lets go of what is held, then makes what stands charged the amount: more is taken, or the last of it given back. */
  #close(hold: Hold, state: Hold['state'], amount: bigint): Said {
    if (hold.state === 'held') {
      let keep = amount;
      for (const part of hold.took) {
        const charged = least(part.amount, keep);
        keep -= charged;
        this.#letGo(part, charged);
        if (charged > 0n) hold.standing.push({ ...part, amount: charged });
      }
      payerOf(hold.accounts).overdraft -= hold.overdraft;
    }
    const more = amount - sum(hold.standing);
    if (more < 0n) this.#giveBack(hold, -more);
    if (more > 0n) this.#chargeMore(hold, more);
    hold.state = state;
    hold.charged = amount;
    const borne = sum(hold.standing.filter(({ tranche }) => !tranche));
    hold.ended = this.#yes({ amount, overrun: borne, slices: hold.standing, of: hold.accounts });
    return hold.ended;
  }

  #letGo({ account, tranche, amount }: Part, charged: bigint): void {
    if (!tranche) return;
    tranche.held -= amount;
    tranche.money -= charged;
    account.counted.spent += charged;
    if (tranche.phase !== 'dead') return;
    tranche.money -= amount - charged;
    account.counted.expired += amount - charged;
  }

  #chargeMore(hold: Hold, amount: bigint): void {
    const taken = this.#take(hold.accounts, amount);
    for (const part of taken) part.account.counted.spent += part.amount;
    const account = payerOf(hold.accounts);
    const borne = { account, amount: amount - sum(taken) };
    account.owed += borne.amount;
    const isBorne = (part: Part): boolean => part.tranche === undefined;
    const all = [...hold.standing, ...taken, borne].filter((part) => part.amount > 0n);
    const borneAll = sum(all.filter(isBorne));
    hold.standing = all.filter((part) => !isBorne(part));
    if (borneAll > 0n) hold.standing.push({ account, amount: borneAll });
  }

  /** The last of what stands, in the order it goes back. */
  #giveBack(hold: Hold, amount: bigint): Part[] {
    const back: Part[] = [];
    for (let left = amount; left > 0n; ) {
      const part = hold.standing.pop();
      if (!part) throw new RangeError('more is given back than stands');
      const given = { ...part, amount: least(part.amount, left) };
      if (part.amount > left) hold.standing.push({ ...part, amount: part.amount - left });
      left -= given.amount;
      back.push(given);
      const { account, tranche } = part;
      if (!tranche) account.owed -= given.amount;
      else account.counted.spent -= given.amount;
      if (tranche?.phase === 'dead') account.counted.expired += given.amount;
      else if (tranche) tranche.money += given.amount;
    }
    return back;
  }

  #pick(accounts: readonly Account[], amount: bigint): Part[] {
    let left = amount;
    return accounts.flatMap((account) =>
      inBurnOrder(account).flatMap((tranche) => {
        const part = isLive(tranche) ? least(left, tranche.money - tranche.held) : 0n;
        left -= part;
        return part > 0n ? { account, tranche, amount: part } : [];
      }),
    );
  }

  #take(accounts: readonly Account[], amount: bigint): Part[] {
    const taken = this.#pick(accounts, amount);
    for (const { tranche, amount: part } of taken) if (tranche) tranche.money -= part;
    return taken;
  }

  #yes(told: {
    readonly amount: bigint;
    readonly overrun?: bigint;
    readonly slices: readonly Part[];
    readonly of: readonly Account[];
  }): Said {
    const slices = told.slices.flatMap(({ account, tranche, amount }) =>
      tranche ? { account: account.id, tranche: tranche.id, amount } : [],
    );
    const overrun = told.overrun ?? sum(told.slices.filter(({ tranche }) => !tranche));
    const { amount } = told;
    return { ok: true, at: this.now, amount, overrun, slices, available: availableIn(told.of), repeated: false };
  }

  #no(refusal: object): Said {
    return { ok: false, at: this.now, refusal };
  }

  #already(hold: Hold): Said {
    const { state, charged } = hold;
    return this.#no({ why: 'already', state, amount: state === 'held' ? heldBy(hold) : charged });
  }

  #insufficient(accounts: readonly Account[], available: bigint): Said {
    const renewsAt = renewal(accounts);
    return this.#no({ why: 'insufficient', available, ...(renewsAt === undefined ? {} : { renewsAt }) });
  }
}

function heldBy({ took, overdraft }: Hold): bigint {
  return sum(took) + overdraft;
}

/** Who bears what no tranche covers: the last in funding order. */
function payerOf(accounts: readonly Account[]): Account {
  const last = accounts.at(-1);
  if (!last) throw new RangeError('somebody must pay');
  return last;
}

function reasonOf(said: Said): LedgerRefusal['why'] | undefined {
  return said.ok ? undefined : (said.refusal as LedgerRefusal).why;
}

function repeated(said: Said): Said {
  return said.ok ? { ...said, repeated: true } : said;
}

/** The same question gets the first answer; another one under its id is told so. */
function again(first: LedgerOperation, now: LedgerOperation, said: Said): Said {
  return isDeepStrictEqual(first, now) ? repeated(said) : { ok: false, at: said.at, refusal: { why: 'id_reused' } };
}
