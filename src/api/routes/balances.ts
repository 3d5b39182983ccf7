/** Balances as the contract writes them. */
import type { z } from 'zod';
import type { Balance, balanceQuery } from '../../contract/balance.ts';
import { toMoney } from '../../contract/money.ts';
import type { Book, Balance as LedgerBalance } from '../../core/ledger/operations.ts';
import { formatInstant, type Instant } from '../../core/time/instant.ts';
import { given } from '../given.ts';
import { readMoment } from '../moment.ts';

export function askedBalance(
  query: z.output<typeof balanceQuery>,
  zone: string,
): { readonly asOf?: Instant; readonly book?: Book } {
  return given({ book: query.book, asOf: query.asOf === undefined ? undefined : readMoment(query.asOf, zone) });
}

export function writeBalance(found: LedgerBalance & { readonly book: Book }): Balance {
  return {
    book: found.book,
    asOf: formatInstant(found.asOf),
    granted: toMoney(found.granted),
    unvested: toMoney(found.unvested),
    vested: toMoney(found.vested),
    held: toMoney(found.held),
    spent: toMoney(found.spent),
    expired: toMoney(found.expired),
    forfeited: toMoney(found.forfeited),
    transferredIn: toMoney(found.transferredIn),
    transferredOut: toMoney(found.transferredOut),
    overrun: toMoney(found.overrun),
    available: toMoney(found.available),
  };
}
