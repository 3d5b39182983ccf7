/** Money on the outside: decimal text and a currency, never a JSON number. */
import { z } from 'zod';
import { type Amount, formatDollars, nano, parseDollars, ZERO } from '../core/money/amount.ts';

/** The most that one request may name: what one person or pool can hold ends a little above it. */
const REQUEST_MOST: Amount = nano(9_000_000_000n * 1_000_000_000n);

/** Money in an answer: exact, two to nine decimals, negative only where a difference is meant. */
export const money = z
  .object({ amount: z.string().regex(/^-?\d{1,38}\.\d{2,9}$/), currency: z.literal('USD') })
  .meta({ id: 'Money', description: 'An exact sum of US dollars: decimal text with up to nine decimals.' });

export type Money = z.output<typeof money>;

/** Money in a request, zero allowed. */
export const moneyAsked = z.strictObject({
  amount: z
    .string()
    .regex(/^\d{1,10}(\.\d{1,9})?$/, { message: 'must be decimal text with at most nine decimals', abort: true })
    .refine((text) => (parseDollars(text) ?? REQUEST_MOST) <= REQUEST_MOST, 'is more than 9,000,000,000'),
  currency: z.literal('USD', 'must be USD, the currency of the ledger'),
});

/** Money in a request, more than zero. */
export const positiveMoneyAsked = moneyAsked.refine((asked) => (parseDollars(asked.amount) ?? ZERO) > 0n, {
  message: 'must be more than zero',
  path: ['amount'],
});

/** Writes an amount as the outside reads it. */
export function toMoney(amount: Amount): Money {
  return { amount: formatDollars(amount), currency: 'USD' };
}

/** Reads money that a schema of this file has let through. Throws a RangeError on anything else. */
export function fromMoney(asked: { readonly amount: string }): Amount {
  const amount = parseDollars(asked.amount);
  if (amount === undefined) throw new RangeError('not an amount that the contract lets through');
  return amount;
}
