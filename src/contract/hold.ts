/** Holds and charges for what does not pass the gateway: the same ledger, asked from outside. */
import { z } from 'zod';
import { book } from './balance.ts';
import { money, moneyAsked, positiveMoneyAsked } from './money.ts';
import { id, text, time } from './text.ts';
import { tags, usageAsked } from './usage.ts';

/** Whose money, and what for; `source` and `externalId` together name the operation for ever. */
const cause = {
  keyId: id.optional(),
  personId: id.optional(),
  source: text(100).describe('The system that asks: `batch-runner`.'),
  externalId: text(200).describe('Its own id of what it asks for; the same one again gets the first answer.'),
  provider: text(100).optional(),
  model: text(200).optional(),
  agent: text(200).optional(),
  session: text(200).optional(),
  tags: tags.optional(),
};

const onePayer = {
  check: (asked: { keyId?: unknown; personId?: unknown }) =>
    (asked.keyId === undefined) !== (asked.personId === undefined),
  told: { message: 'exactly one of keyId and personId must be given', path: ['keyId'] },
};

/** Held whole or refused. `lease` is in seconds on the database's clock; without one the hold stands until resolved. */
export const newHold = z
  .strictObject({
    ...cause,
    upperBound: positiveMoneyAsked,
    lease: z
      .int()
      .min(1)
      .max(30 * 86_400)
      .optional(),
  })
  .refine(onePayer.check, onePayer.told);

export type NewHold = z.output<typeof newHold>;

export const hold = z
  .object({
    id,
    state: z.enum(['held', 'settled', 'voided', 'expired']),
    book,
    amount: money.describe('What was held.'),
    charged: money,
    available: money.describe('Of the accounts that pay, after it.'),
    createdAt: time,
    leaseUntil: time.optional(),
    repeated: z.boolean().describe('The same was asked before; this is its first answer.'),
  })
  .meta({ id: 'Hold' });

export type Hold = z.output<typeof hold>;

/** The actual cost; it may be above what was held. */
export const settlement = z.strictObject({
  amount: moneyAsked,
  model: text(200).optional(),
  usage: usageAsked.optional(),
});

export const newCharge = z
  .strictObject({ ...cause, amount: positiveMoneyAsked, usage: usageAsked.optional() })
  .refine(onePayer.check, onePayer.told);

export type NewCharge = z.output<typeof newCharge>;

/** A charge after the fact: what the accounts cannot cover is overrun. */
export const charge = z
  .object({
    id,
    book,
    at: time,
    amount: money,
    overrun: money,
    available: money,
    outcome: z.literal('unenforced'),
    repeated: z.boolean(),
  })
  .meta({ id: 'Charge' });

export type Charge = z.output<typeof charge>;
