/** The model's accounts: what lies in them, and what time does to it. See `ledger-model.ts`. */
import type { Balance, OverrunPolicy, TrancheTerms } from '../../src/core/ledger/operations.ts';

export interface Policy {
  readonly overrun: OverrunPolicy;
  /** How far an account may be drawn below zero: 0 or negative. */
  readonly floor: bigint;
  /** The id of what rolls over from a tranche. */
  readonly successorOf: (tranche: string) => string;
}

/** Instants are plain numbers here. */
export interface Terms extends Omit<TrancheTerms, 'effectiveAt' | 'expiresAt' | 'rollover'> {
  readonly effectiveAt: number;
  readonly expiresAt?: number;
  readonly rollover?: { readonly most: bigint; readonly least: bigint; readonly expiresAt?: number };
}

export type Figures = Omit<Balance, 'asOf'>;

export interface Tranche extends Omit<Terms, 'amount'> {
  readonly grantId?: string;
  readonly created: number;
  /** What it counts as when it becomes spendable: a promise that vests, somebody else's money, or a rest that counts. */
  readonly brings: 'promise' | 'gift' | 'rest';
  phase: 'ahead' | 'live' | 'dead';
  /** What is in it, held or not; of a dead one only what is held. */
  money: bigint;
  held: bigint;
}

export interface Account {
  readonly id: string;
  /** Overrun that nobody has paid back; below zero when too much was given back. */
  owed: bigint;
  /** What open holds may still draw below zero. */
  overdraft: bigint;
  readonly counted: Record<
    'granted' | 'vested' | 'forfeited' | 'spent' | 'expired' | 'transferredIn' | 'transferredOut',
    bigint
  >;
  readonly tranches: Tranche[];
}

export function openBook(ids: readonly string[]): Account[] {
  const counts = { granted: 0n, vested: 0n, forfeited: 0n, spent: 0n, expired: 0n };
  return ids.map((id) => ({
    id,
    owed: 0n,
    overdraft: 0n,
    counted: { ...counts, transferredIn: 0n, transferredOut: 0n },
    tranches: [],
  }));
}

export function isLive({ phase }: Tranche): boolean {
  return phase === 'live';
}

export function inBurnOrder({ tranches }: Account): Tranche[] {
  const end = ({ expiresAt }: Tranche): number => expiresAt ?? Number.MAX_SAFE_INTEGER;
  return tranches.toSorted(
    (a, b) => a.priority - b.priority || end(a) - end(b) || a.created - b.created || (a.id < b.id ? -1 : 1),
  );
}

export function availableIn(accounts: readonly Account[]): bigint {
  const live = accounts.flatMap(({ tranches }) => tranches.filter(isLive));
  return live.reduce((all, { money, held }) => all + money - held, 0n);
}

/** When money comes next. */
export function renewal(accounts: readonly Account[]): number | undefined {
  const ahead = accounts.flatMap(({ tranches }) =>
    tranches.filter(({ phase, money }) => phase === 'ahead' && money > 0n),
  );
  return ahead.length === 0 ? undefined : Math.min(...ahead.map(({ effectiveAt }) => effectiveAt));
}

/** Puts a new tranche into an account; time must pass (none is enough) before it is spendable. */
export function put(
  account: Account,
  { amount, ...terms }: Terms,
  how: { readonly now: number; readonly brings: Tranche['brings']; readonly grantId?: string },
): void {
  const { now: created, ...facts } = how;
  if (amount > 0n) account.tranches.push({ ...terms, ...facts, created, phase: 'ahead', money: amount, held: 0n });
}

/** Lets time pass up to `to`, boundary by boundary, each told once it is behind: what ends, ends before what begins. */
export function passTime(
  book: readonly Account[],
  policy: Policy,
  from: number,
  to: number,
  passed: (at: number) => void,
): void {
  for (let now = from; ; ) {
    for (const account of book) passAt(account, policy, now);
    passed(now);
    const next = Math.min(...book.flatMap(({ tranches }) => tranches.flatMap((each) => boundary(each) ?? [])));
    if (next > to) return;
    now = next;
  }
}

function boundary({ phase, effectiveAt, expiresAt }: Tranche): number | undefined {
  if (phase === 'dead') return undefined;
  return phase === 'ahead' ? effectiveAt : expiresAt;
}

function passAt(account: Account, policy: Policy, now: number): void {
  const isOver = ({ phase, expiresAt = now + 1 }: Tranche): boolean => phase !== 'dead' && expiresAt <= now;
  // What rolls over may be over itself by then.
  for (let over = inBurnOrder(account).filter(isOver); over.length > 0; over = inBurnOrder(account).filter(isOver)) {
    for (const tranche of over) end(account, policy, tranche, now);
  }
  for (const tranche of inBurnOrder(account)) {
    if (tranche.phase !== 'ahead' || tranche.effectiveAt > now) continue;
    count(account, tranche);
    tranche.phase = 'live';
    if (policy.overrun === 'repay') repay(account, tranche);
  }
}

function count({ counted }: Account, { brings, money }: Tranche): void {
  if (brings === 'promise') counted.vested += money;
  if (brings === 'gift') counted.transferredIn += money;
}

/** What becomes spendable first pays what is owed, or gets back what was paid too much. */
function repay(account: Account, tranche: Tranche): void {
  const paid = account.owed < tranche.money ? account.owed : tranche.money;
  tranche.money -= paid;
  account.owed -= paid;
  account.counted.spent += paid;
}

export function figuresOf({ counted, tranches, owed }: Account): Figures {
  const { granted, vested, forfeited } = counted;
  const held = tranches.reduce((all, tranche) => all + tranche.held, 0n);
  const live = tranches.filter(isLive).reduce((all, tranche) => all + tranche.money - tranche.held, 0n);
  const figures = { ...counted, unvested: granted - vested - forfeited, held, overrun: owed, available: live };
  return figures as Figures;
}

function end(account: Account, policy: Policy, tranche: Tranche, now: number): void {
  const free = tranche.money - tranche.held;
  if (tranche.phase === 'ahead') count(account, tranche);
  tranche.phase = 'dead';
  tranche.money = tranche.held;
  account.counted.expired += free;
  const { rollover, expiresAt = now } = tranche;
  if (!rollover || (rollover.expiresAt !== undefined && rollover.expiresAt <= expiresAt)) return;
  const wanted = free > rollover.least ? free : rollover.least;
  const next = wanted < rollover.most ? wanted : rollover.most;
  if (next === 0n) return;
  const kept = next < free ? next : free;
  account.counted.expired -= kept;
  account.counted.granted += next - kept;
  account.counted.vested += next - kept;
  account.tranches.push({
    id: policy.successorOf(tranche.id),
    priority: tranche.priority,
    ...(tranche.grantId === undefined ? {} : { grantId: tranche.grantId }),
    ...(rollover.expiresAt === undefined ? {} : { expiresAt: rollover.expiresAt }),
    effectiveAt: now,
    created: now,
    brings: 'rest',
    phase: 'ahead',
    money: next,
    held: 0n,
  });
}
