/** Lists come in pages, walked by an opaque cursor. */
import { z } from 'zod';

export const PAGE_MOST = 200;

/** What every list takes. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(PAGE_MOST).default(50),
  /** `nextCursor` of the page before. */
  cursor: z.string().min(1).max(1_000).optional(),
});

/** One page of `item`s; `nextCursor` is null on the last. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
