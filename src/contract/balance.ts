/** Balances: granted = unvested + vested + forfeited; vested + transferredIn = available + held + spent + expired + transferredOut. */
import { z } from 'zod';
import { money } from './money.ts';
import { moment, time } from './text.ts';

/** `live` is real money; `test` is what calls to the sandbox are charged to. */
export const book = z.enum(['live', 'test']);

export const balanceQuery = z.strictObject({
  asOf: moment.optional().describe('Now unless said; past and future are answered alike.'),
  book: book.optional().describe('Unless said the one in force: `test` while no provider has a credential.'),
});

export const balance = z
  .object({
    book,
    asOf: time,
    granted: money,
    unvested: money,
    vested: money,
    held: money,
    spent: money,
    expired: money,
    forfeited: money,
    transferredIn: money,
    transferredOut: money,
    overrun: money.describe('Cost beyond the balance, borne by the company; not in `spent`.'),
    available: money,
  })
  .meta({ id: 'Balance' });

export type Balance = z.output<typeof balance>;
