/** Rows of the ledger's tables as the rules know them. Each list of columns goes with the function that reads it. */
import type {
  AccountId,
  Book,
  CallFacts,
  ChargeFacts,
  HoldState,
  OverrunPolicy,
} from '../../core/ledger/operations.ts';
import type { Account, Hold, HoldSlice, Tranche, TrancheStage } from '../../core/ledger/state.ts';
import { type Amount, nano } from '../../core/money/amount.ts';
import { type Instant, instant } from '../../core/time/instant.ts';
import { items } from './columns.ts';

export const ACCOUNT_COLUMNS = 'a.id::text, a.book, a.overrun_policy, a.floor, a.owed, a.overdraft_held';

export type AccountRow = [
  id: AccountId,
  book: Book,
  overrunPolicy: OverrunPolicy,
  floor: bigint,
  owed: bigint,
  overdraftHeld: bigint,
];

export function readAccount([id, book, overrunPolicy, floor, owed, overdraftHeld]: AccountRow): Account {
  return { id, book, overrunPolicy, floor: nano(floor), owed: nano(owed), overdraftHeld: nano(overdraftHeld) };
}

export const TRANCHE_COLUMNS = `t.id, t.account_id::text, t.grant_id, t.priority, t.effective_at, t.expires_at,
  t.created_at, t.rollover_most, t.rollover_least, t.rollover_expires_at, t.stage, t.posted, t.held, t.version`;

export type TrancheRow = [
  id: string,
  account: AccountId,
  grantId: string | null,
  priority: number,
  effectiveAt: bigint,
  expiresAt: bigint | null,
  createdAt: bigint,
  rolloverMost: bigint | null,
  rolloverLeast: bigint | null,
  rolloverExpiresAt: bigint | null,
  stage: TrancheStage,
  posted: bigint,
  held: bigint,
  version: bigint,
];

export function readTranche(row: TrancheRow): Tranche {
  const [id, account, grantId, priority, effectiveAt, expiresAt, createdAt, most, atLeast, rollsUntil] = row;
  const [, , , , , , , , , , stage, posted, held, version] = row;
  return {
    id,
    account,
    ...(grantId === null ? {} : { grantId }),
    priority,
    effectiveAt: whole(effectiveAt),
    ...(expiresAt === null ? {} : { expiresAt: whole(expiresAt) }),
    createdAt: whole(createdAt),
    ...(most === null || atLeast === null
      ? {}
      : {
          rollover: {
            most: nano(most),
            least: nano(atLeast),
            ...(rollsUntil === null ? {} : { expiresAt: whole(rollsUntil) }),
          },
        }),
    stage,
    posted: nano(posted),
    held: nano(held),
    version: Number(version),
  };
}

export const HOLD_COLUMNS = `h.id, h.book, h.state, h.accounts::text, h.asked, h.least, h.lease_ms, h.known, h.amount,
  h.slice_accounts::text, h.slice_tranches::text, h.slice_took::text, h.slice_charged::text, h.overdraft, h.charged,
  h.overrun, h.reversed, h.created_at, h.lease_until, h.ended_at, h.settled_late_at, h.available_then,
  h.available_at_end, h.renews_at, h.entry_id, h.call, h.charge`;

export type HoldRow = [
  id: string,
  book: Book,
  state: HoldState,
  accounts: string,
  asked: bigint,
  least: bigint,
  leaseMs: bigint | null,
  known: bigint,
  amount: bigint,
  sliceAccounts: string,
  sliceTranches: string,
  sliceTook: string,
  sliceCharged: string,
  overdraft: bigint,
  charged: bigint,
  overrun: bigint,
  reversed: bigint,
  createdAt: bigint,
  leaseUntil: bigint | null,
  endedAt: bigint | null,
  settledLateAt: bigint | null,
  availableThen: bigint,
  availableAtEnd: bigint | null,
  renewsAt: bigint | null,
  entry: string | null,
  call: CallFacts,
  charge: ChargeFacts | null,
];

export function readHold(row: HoldRow): Hold {
  const [id, book, state, accounts, asked, atLeast, leaseMs, known, amount, ...rest] = row;
  const [sliceAccounts, sliceTranches, sliceTook, sliceCharged, overdraft, charged, overrun, reversed, ...ends] = rest;
  const [createdAt, leaseUntil, endedAt, settledLateAt, then, atEnd, renewsAt, entry, call, charge] = ends;
  return {
    id,
    book,
    state,
    accounts: items(accounts),
    asked: nano(asked),
    least: nano(atLeast),
    ...(leaseMs === null ? {} : { leaseMs: Number(leaseMs) }),
    known: nano(known),
    amount: nano(amount),
    slices: readSlices(items(sliceAccounts), items(sliceTranches), items(sliceTook), items(sliceCharged)),
    overdraft: nano(overdraft),
    charged: nano(charged),
    overrun: nano(overrun),
    reversed: nano(reversed),
    createdAt: whole(createdAt),
    ...(leaseUntil === null ? {} : { leaseUntil: whole(leaseUntil) }),
    ...(endedAt === null ? {} : { endedAt: whole(endedAt) }),
    ...(settledLateAt === null ? {} : { settledLateAt: whole(settledLateAt) }),
    availableThen: nano(then),
    ...(atEnd === null ? {} : { availableAtEnd: nano(atEnd) }),
    ...(renewsAt === null ? {} : { renewsAt: whole(renewsAt) }),
    ...(entry === null ? {} : { entry }),
    call,
    ...(charge === null ? {} : { charge }),
  };
}

function readSlices(accounts: string[], tranches: string[], took: string[], charged: string[]): HoldSlice[] {
  return tranches.map((tranche, index) => ({
    account: accounts[index] ?? '',
    tranche,
    took: amount(took[index]),
    charged: amount(charged[index]),
  }));
}

function amount(text: string | undefined): Amount {
  return nano(BigInt(text ?? 0));
}

export function whole(ms: bigint): Instant {
  return instant(Number(ms));
}
