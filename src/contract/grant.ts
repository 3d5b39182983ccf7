/** Grants: the immutable promise of a budget to a person. */
import { z } from 'zod';
import { money, moneyAsked, positiveMoneyAsked } from './money.ts';
import { pageOf, pageQuery } from './page.ts';
import { date, id, text, time } from './text.ts';

const decimal = /^\d{1,4}(\.\d{1,9})?$/;

/** A share of base salary in percent, exact: 50, 12.5 or "33.333333333". */
const percent = z
  .union([z.string(), z.number()], 'must be a number or decimal text')
  .refine((value) => decimal.test(String(value)), 'must be decimal, with at most nine decimals')
  .refine((value) => Number(value) > 0 && Number(value) <= 1_000, 'must be above 0 and at most 1000');

/** What of an unspent balance lives on at `expiresOn`: min(most, max(least, balance)), until its own `expiresOn`. */
const rolloverAsked = z.strictObject({
  most: moneyAsked,
  least: moneyAsked.optional(),
  expiresOn: date.optional(),
});

/** Exactly one of `amount` and `percentOfBase`. Spendable from 00:00 of `effectiveOn` to 00:00 of `expiresOn`. */
export const newGrant = z
  .strictObject({
    personId: id,
    amount: positiveMoneyAsked.optional(),
    percentOfBase: percent.optional(),
    poolId: id.optional().describe('The pool that gives it; without one it comes from the company.'),
    effectiveOn: date,
    expiresOn: date.optional(),
    vesting: z.unknown().optional().describe('Not offered yet: a grant that has it is refused.'),
    priority: z.int().min(0).max(1_000).optional().describe('Lower is spent first; 100 unless said.'),
    rollover: rolloverAsked.optional(),
    kind: text(40).optional(),
    taxTreatment: z.enum(['WORKING_CONDITION', 'TAXABLE_COMPENSATION', 'MIXED']).optional(),
    note: text(2_000).optional(),
  })
  .refine((asked) => (asked.amount === undefined) !== (asked.percentOfBase === undefined), {
    message: 'exactly one of amount and percentOfBase must be given',
    path: ['amount'],
  });

export type NewGrant = z.output<typeof newGrant>;

export const grant = z
  .object({
    id,
    personId: id,
    state: z.enum(['pending', 'active']).describe('`pending`: promised, its ledger entries are being written.'),
    amount: money,
    percentOfBase: z.string().optional(),
    baseSalary: money.optional().describe('The base that percentOfBase was taken of.'),
    poolId: id.optional(),
    effectiveOn: date,
    expiresOn: date.optional(),
    priority: z.int(),
    rollover: z.object({ most: money, least: money, expiresOn: date.optional() }).optional(),
    kind: z.string().optional(),
    taxTreatment: z.string().optional(),
    note: z.string().optional(),
    createdAt: time,
  })
  .meta({ id: 'Grant' });

export type Grant = z.output<typeof grant>;

export const grantsQuery = z.strictObject({ ...pageQuery.shape, personId: id.optional() });

export const grants = pageOf(grant);
