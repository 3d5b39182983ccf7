/** Administrators beside the one of the installation: what needs two people needs two keys. */
import { z } from 'zod';
import { pageOf } from './page.ts';
import { id, text, time } from './text.ts';

export const newAdmin = z.strictObject({ name: text(200) });

export const admin = z
  .object({ id, name: z.string(), createdAt: time, revokedAt: time.optional() })
  .meta({ id: 'Admin' });

export type Admin = z.output<typeof admin>;

export const admins = pageOf(admin);

export const shownAdmin = z
  .object({ ...admin.shape, key: z.string().describe('The admin key itself, shown this once.') })
  .meta({ id: 'ShownAdmin' });
