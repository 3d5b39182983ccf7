/** How the API says no: RFC 9457 problem details with a `code` that programs may rely on. */
import { z } from 'zod';
import { money } from './money.ts';
import { time } from './text.ts';

export const problem = z
  .object({
    type: z.string().describe('A URI for the kind of problem; `about:blank` says no more than the status does.'),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('One of the codes in docs/reference/refusals.md; stable.'),
    detail: z.string().describe('A sentence for people.'),
    requestId: z.string(),
    problems: z
      .array(z.object({ pointer: z.string().describe('A JSON pointer into what was sent.'), message: z.string() }))
      .optional(),
    budget: z.object({ left: money, renewsAt: time.optional(), whereToAsk: z.string() }).optional(),
  })
  .meta({ id: 'Problem' });

export type Problem = z.output<typeof problem>;
