/** What the holder of a key may see of itself. */
import { z } from 'zod';
import { balance } from './balance.ts';
import { key } from './key.ts';
import { person } from './person.ts';
import { service } from './service.ts';

export const me = z
  .object({
    kind: z.enum(['person', 'service', 'admin']),
    person: person.optional(),
    service: service.optional(),
    balance: balance.optional(),
    keyId: z.string().optional().describe('The key that asks.'),
    keys: z.array(key),
  })
  .meta({ id: 'Me' });

export type Me = z.output<typeof me>;
