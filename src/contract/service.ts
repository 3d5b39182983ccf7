/** Service principals: continuous integration, a team's agent. A pool pays for them and a person answers for them. */
import { z } from 'zod';
import { pageOf } from './page.ts';
import { id, text, time } from './text.ts';

export const newService = z.strictObject({
  name: text(200),
  poolId: id.describe('The pool that owns the service and pays for it.'),
  stewardId: id.describe('The person who answers for it; can be replaced.'),
});

export const serviceChange = z.strictObject({
  name: text(200).optional(),
  stewardId: id.optional(),
  status: z.enum(['active', 'suspended']).optional(),
});

export const service = z
  .object({
    id,
    name: z.string(),
    status: z.enum(['active', 'suspended']),
    poolId: id,
    stewardId: id,
    createdAt: time,
  })
  .meta({ id: 'Service' });

export type Service = z.output<typeof service>;

export const services = pageOf(service);
