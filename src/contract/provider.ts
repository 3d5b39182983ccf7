/** The providers that calls are forwarded to, and the company's credentials for them. */
import { z } from 'zod';
import { text, time } from './text.ts';

export const providerName = z.enum(['anthropic', 'openai', 'gemini']);

/** Stores the company's credential for a provider, sealed; it replaces the one before and is never shown again. */
export const newProvider = z.strictObject({
  name: providerName,
  apiKey: text(1_000),
  baseUrl: z
    .string()
    .max(500)
    .optional()
    .describe('The provider’s public one unless said. OpenAI’s includes /v1, the other two are origins.'),
});

export const provider = z
  .object({
    name: providerName,
    baseUrl: z.string(),
    credential: z.enum(['stored', 'configured', 'none']).describe('Where it comes from; `stored` wins.'),
    servedBy: z.enum(['provider', 'sandbox']).describe('A provider with no credential is served by the sandbox.'),
    changedAt: time.optional(),
  })
  .meta({ id: 'Provider' });

export type Provider = z.output<typeof provider>;

export const providers = z.object({ items: z.array(provider), nextCursor: z.null() });
