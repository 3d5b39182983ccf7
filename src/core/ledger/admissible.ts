/** What an operation must be before it is worth deciding: numbers in their range, names in their form. */
import type { LedgerOperation, TrancheTerms } from './operations.ts';

/** The most one operation can move, in nano-dollars: what BIGINT holds, $9.2 billion. */
export const AMOUNT_MOST = 2n ** 63n - 1n;

/** The last millisecond of the year 9999, and the first of the year 1. */
const INSTANT_MOST = 253_402_300_799_999;
const INSTANT_LEAST = -62_135_596_800_000;
const PRIORITY_MOST = 2 ** 31 - 1;
const LEASE_MOST_MS = 366 * 86_400_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ACCOUNT = /^[1-9]\d{0,17}$/;

/** Whether a text is an id such as operations, holds, tranches and entries have. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Whether a text is an account's id: its number. */
export function isAccountId(text: string): boolean {
  return ACCOUNT.test(text);
}

/** One sentence on the first thing that is wrong with an operation; `undefined` when it can be decided. */
export function inadmissible(operation: LedgerOperation): string | undefined {
  if (!isUuid(operation.id)) return `${operation.id} is no operation id: it must be a UUID`;
  const account = accountsOf(operation).find((id) => !isAccountId(id));
  if (account !== undefined) return `${account} is no account id`;
  const amounts = amountsOf(operation);
  const amount = [...amounts, sum(termsOf(operation))].find((each) => each < 0n || each > AMOUNT_MOST);
  if (amount !== undefined) return `${amount} nano-dollars is no amount that can be moved`;
  if (operation.kind === 'reverse' && !isUuid(operation.entry)) return `${operation.entry} is no entry id`;
  if ('leaseMs' in operation && operation.leaseMs !== undefined && !isWithin(operation.leaseMs, 0, LEASE_MOST_MS)) {
    return `a lease of ${operation.leaseMs} ms is not possible`;
  }
  if (operation.kind === 'hold' && operation.least > operation.amount)
    return 'a hold cannot need more than it asks for';
  return termsOf(operation)
    .map(unfitTerms)
    .find((problem) => problem !== undefined);
}

function unfitTerms({ id, priority, effectiveAt, expiresAt, rollover }: TrancheTerms): string | undefined {
  if (!isUuid(id)) return `${id} is no tranche id: it must be a UUID`;
  if (!isWithin(priority, -PRIORITY_MOST, PRIORITY_MOST)) return `${priority} is no priority`;
  for (const at of [effectiveAt, expiresAt, rollover?.expiresAt]) {
    if (at !== undefined && !isWithin(at, INSTANT_LEAST, INSTANT_MOST)) return `${at} is no instant on the calendar`;
  }
  if (expiresAt !== undefined && expiresAt <= effectiveAt) return 'a tranche cannot end before it begins';
  return undefined;
}

function sum(terms: readonly TrancheTerms[]): bigint {
  return terms.reduce((total, { amount }) => total + amount, 0n);
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}

function termsOf(operation: LedgerOperation): readonly TrancheTerms[] {
  if (operation.kind === 'grant') return operation.tranches;
  return operation.kind === 'fund' || operation.kind === 'transfer' ? [operation.tranche] : [];
}

function accountsOf(operation: LedgerOperation): readonly string[] {
  switch (operation.kind) {
    case 'hold':
    case 'charge':
      return operation.accounts;
    case 'fund':
    case 'forfeit':
      return [operation.account];
    case 'grant':
      return operation.from === 'company' ? [operation.account] : [operation.account, operation.from];
    case 'transfer':
      return [operation.from, operation.to];
    default:
      return [];
  }
}

function amountsOf(operation: LedgerOperation): readonly bigint[] {
  switch (operation.kind) {
    case 'hold':
      return [operation.amount, operation.least, operation.known];
    case 'checkpoint':
      return [operation.known];
    case 'settle':
    case 'charge':
    case 'reverse':
      return [operation.amount];
    default:
      return termsOf(operation).flatMap(({ amount, rollover }) => [
        amount,
        rollover?.most ?? 0n,
        rollover?.least ?? 0n,
      ]);
  }
}
