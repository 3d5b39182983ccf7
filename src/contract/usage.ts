/** What calls used and cost. */
import { z } from 'zod';
import { book } from './balance.ts';
import { money } from './money.ts';
import { pageOf, pageQuery } from './page.ts';
import { count, id, moment, text, time } from './text.ts';

const shape = {
  input: count,
  inputAudio: count,
  inputImage: count,
  cacheRead: count,
  cacheWrite5m: count,
  cacheWrite1h: count,
  output: count,
  outputAudio: count,
  outputImage: count,
  reasoning: count.describe('Inside `output`, for information only.'),
};

const usage = z.object(shape).meta({ id: 'TokenUsage', description: 'Disjoint classes: their sum is billed.' });

/** Usage that somebody reports: a class that is not named counts zero. */
export const usageAsked = z
  .strictObject(shape)
  .partial()
  .refine((asked) => (asked.reasoning ?? 0) <= (asked.output ?? 0), {
    message: 'is more than output, which it is a part of',
    path: ['reasoning'],
  });

const toolUses = z.record(z.string(), count);

/** Names and values that a company tells its calls apart by. */
export const tags = z
  .record(text(64), text(256))
  .refine((value) => Object.keys(value).length <= 16, 'has more than 16 tags');

/** `from` is inclusive, `to` exclusive. */
export const usageQuery = z.strictObject({
  ...pageQuery.shape,
  personId: id.optional(),
  serviceId: id.optional(),
  from: moment.optional(),
  to: moment.optional(),
});

const usageRecord = z
  .object({
    requestId: z.string(),
    at: time,
    book,
    provider: z.string(),
    wire: z.string().optional(),
    model: z.string(),
    usage: usage.optional(),
    toolUses: toolUses.optional(),
    cost: money,
    priceSheet: z.string().optional(),
    outcome: z.string(),
    principalId: id.describe('The person or service that spent it.'),
    keyId: id.optional(),
    agent: z.string().optional(),
    session: z.string().optional(),
    tags: z.record(z.string(), z.string()).optional(),
  })
  .meta({ id: 'UsageRecord' });

export type UsageRecord = z.output<typeof usageRecord>;

export const usageRecords = pageOf(usageRecord);
