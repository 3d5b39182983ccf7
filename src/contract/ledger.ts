/** The ledger as an auditor reads it. */
import { z } from 'zod';
import { book } from './balance.ts';
import { money } from './money.ts';
import { pageOf } from './page.ts';
import { count, time } from './text.ts';

export const verdict = z
  .object({
    ok: z.boolean(),
    entries: count,
    debits: money,
    credits: money,
    openHolds: count,
    negativeAccounts: count,
    auditOk: z.boolean(),
    findings: z.array(z.string()).describe('What is wrong, a sentence each.'),
  })
  .meta({ id: 'LedgerVerdict' });

export type Verdict = z.output<typeof verdict>;

const entry = z
  .object({
    id: z.string(),
    at: time,
    cause: z.string(),
    book,
    operationId: z.string(),
    transfers: z.array(z.object({ debit: z.string(), credit: z.string(), amount: money })),
  })
  .meta({ id: 'Entry' });

export type Entry = z.output<typeof entry>;

export const entries = pageOf(entry);
