/** Pools: a team's or the company's funding accounts. */
import { z } from 'zod';
import { money, positiveMoneyAsked } from './money.ts';
import { pageOf } from './page.ts';
import { date, id, text, time } from './text.ts';

export const newPool = z.strictObject({ name: text(200), description: text(2_000).optional() });

export const pool = z
  .object({ id, name: z.string(), description: z.string().optional(), createdAt: time })
  .meta({ id: 'Pool' });

export type Pool = z.output<typeof pool>;

export const pools = pageOf(pool);

/** Company money into a pool, spendable from `effectiveOn` (today) until `expiresOn` (never), which is exclusive. */
export const newFunding = z.strictObject({
  amount: positiveMoneyAsked,
  effectiveOn: date.optional(),
  expiresOn: date.optional(),
  note: text(2_000).optional(),
});

export const funding = z
  .object({
    id,
    poolId: id,
    amount: money,
    state: z.enum(['pending', 'active']),
    effectiveOn: date,
    expiresOn: date.optional(),
    note: z.string().optional(),
    createdAt: time,
  })
  .meta({ id: 'Funding' });

export type Funding = z.output<typeof funding>;

export const fundings = pageOf(funding);
