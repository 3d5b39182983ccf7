/** Virtual keys: a principal's credentials to the gateway. */
import { z } from 'zod';
import { positiveMoneyAsked } from './money.ts';
import { pageOf, pageQuery } from './page.ts';
import { date, id, text, time } from './text.ts';

/** Who may pay for a key's calls, first to last: a pool, or the person's own grants. */
const fundingOrder = z
  .array(
    z.union([z.strictObject({ poolId: id }), z.strictObject({ grants: z.literal(true) })], {
      error: 'must be {"poolId": …} or {"grants": true}',
    }),
  )
  .min(1)
  .max(8);

const rate = z.int().min(1);

/** Only `models` and `expiresOn` are enforced yet; a key that asks for any other limit is refused. */
const keyLimitsAsked = z.strictObject({
  models: z.array(text(200)).min(1).max(200).optional().describe('Exact model ids; any other is refused.'),
  expiresOn: date.optional(),
  total: positiveMoneyAsked.optional(),
  perSession: positiveMoneyAsked.optional(),
  perHour: positiveMoneyAsked.optional(),
  perDay: positiveMoneyAsked.optional(),
  perWeek: positiveMoneyAsked.optional(),
  perMonth: positiveMoneyAsked.optional(),
  requestsPerMinute: rate.optional(),
  tokensPerMinute: rate.optional(),
  concurrency: rate.optional(),
});

/** Exactly one of `personId` and `serviceId`; a child key has its parent's holder. */
export const newKey = z
  .strictObject({
    personId: id.optional(),
    serviceId: id.optional(),
    name: text(200),
    expiresOn: date.optional().describe('The first day on which the key is refused.'),
    limits: keyLimitsAsked.optional(),
    parentKeyId: id.optional(),
    funding: fundingOrder
      .optional()
      .describe('Unless said: a person’s own grants, a service’s owning pool, a child key as its parent.'),
  })
  .refine((asked) => (asked.personId === undefined) !== (asked.serviceId === undefined), {
    message: 'exactly one of personId and serviceId must be given',
    path: ['personId'],
  });

export type NewKey = z.output<typeof newKey>;

export const key = z
  .object({
    id,
    personId: id.optional(),
    serviceId: id.optional(),
    name: z.string(),
    parentKeyId: id.optional(),
    funding: z.array(z.union([z.object({ poolId: id }), z.object({ grants: z.literal(true) })])),
    limits: z.object({ models: z.array(z.string()).optional() }),
    createdAt: time,
    expiresAt: time.optional(),
    revokedAt: time.optional(),
    lastUsedAt: time.optional(),
  })
  .meta({ id: 'Key' });

export type Key = z.output<typeof key>;

export const keys = pageOf(key);

export const keysQuery = z.strictObject({ ...pageQuery.shape, personId: id.optional(), serviceId: id.optional() });

/** How long the secrets before this one still work, in seconds: a day unless said, none with 0. */
export const keyRotation = z.strictObject({
  overlapSeconds: z
    .int()
    .min(0)
    .max(30 * 86_400)
    .default(86_400),
});

/** The one answer that shows a key. */
export const shownKey = z
  .object({ ...key.shape, key: z.string().describe('The key itself, shown this once.') })
  .meta({ id: 'ShownKey' });

export type ShownKey = z.output<typeof shownKey>;
