/** Price sheets: dated, immutable rates; and what the operator changes of them, with a second admin's approval. */
import { z } from 'zod';
import { pageQuery } from './page.ts';
import { providerName } from './provider.ts';
import { date, id, text, time } from './text.ts';

/** Integer pico-dollars: a price of x dollars per million tokens is x·10⁶ of them per token. */
const rate = z.int().min(0);

const tier = z.enum(['standard', 'priority', 'flex', 'batch', 'ultrafast']);

const rateTable = z.object({
  tier,
  contextAbove: z.int().min(0),
  fast: z.boolean(),
  geography: z.enum(['any', 'us']),
  perToken: z.record(z.string(), rate),
});

const modelPrices = z.object({
  provider: providerName,
  model: z.string(),
  alsoNamed: z.array(z.string()),
  contextTokensMost: z.int(),
  outputTokensMost: z.int(),
  retiresOn: date.optional(),
  rates: z.array(rateTable),
  perUse: z.record(z.string(), rate),
  provisional: z.boolean(),
});

export const priceSheet = z
  .object({ id: z.string(), effectiveOn: date, models: z.array(modelPrices) })
  .meta({ id: 'PriceSheet' });

export type PriceSheet = z.output<typeof priceSheet>;

const priceSheetSummary = z
  .object({ id: z.string(), effectiveOn: date, models: z.int(), inForce: z.boolean() })
  .meta({ id: 'PriceSheetSummary' });

export const priceSheets = z.object({ items: z.array(priceSheetSummary), nextCursor: z.null() });

const tokenClass = z.enum([
  'input',
  'inputAudio',
  'inputImage',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'output',
  'outputAudio',
  'outputImage',
]);

const toolUnit = z.enum(['webSearch', 'fileSearch', 'codeExecution', 'mapsGrounding']);

/** At most a thousand dollars per million tokens, or a dollar per tool use. */
const rateAsked = z.int().min(0).max(1_000_000_000_000);

/**
 * Rates of one model as the operator knows them, from `effectiveOn` on: in place of the sheet's, or, with
 * `provisional`, a ceiling for a model that the sheet does not know yet.
 */
export const newPriceOverride = z.strictObject({
  provider: providerName,
  model: text(200),
  alsoNamed: z.array(text(200)).max(20).default([]),
  contextTokensMost: z.int().min(1).max(100_000_000),
  outputTokensMost: z.int().min(1).max(100_000_000),
  rates: z
    .array(
      z.strictObject({
        tier: tier.default('standard'),
        contextAbove: z.int().min(0).default(0),
        fast: z.boolean().default(false),
        geography: z.enum(['any', 'us']).default('any'),
        perToken: z.partialRecord(tokenClass, rateAsked),
      }),
    )
    .min(1)
    .max(40),
  perUse: z.partialRecord(toolUnit, rateAsked).default({}),
  provisional: z.boolean().default(false),
  effectiveOn: date,
  reason: text(2_000),
});

export type NewPriceOverride = z.output<typeof newPriceOverride>;

export const priceOverride = z
  .object({
    id,
    state: z.enum(['proposed', 'approved', 'withdrawn']),
    prices: modelPrices,
    effectiveOn: date,
    reason: z.string(),
    proposedBy: z.string(),
    proposedAt: time,
    decidedBy: z.string().optional(),
    decidedAt: time.optional(),
  })
  .meta({ id: 'PriceOverride' });

export type PriceOverride = z.output<typeof priceOverride>;

export const priceOverridesQuery = pageQuery;
