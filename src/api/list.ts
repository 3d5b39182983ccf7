/** One page of a list, with a cursor that leads to the next. */
import type { z } from 'zod';
import type { Page, Paged } from '../app/ports.ts';
import type { pageQuery } from '../contract/page.ts';
import { type CursorHash, readCursor, writeCursor } from './cursor.ts';

/**
 * `question` names the list and its filters: a cursor is good for the same question only. `read` gets the page that the
 * query asks for; `write` makes an item of the contract of a record.
 */
export async function listPage<Kept, Item>(
  cursorHash: CursorHash,
  question: readonly unknown[],
  query: z.output<typeof pageQuery>,
  read: (page: Page) => Promise<Paged<Kept>>,
  write: (kept: Kept) => Item,
): Promise<{ items: Item[]; nextCursor: string | null }> {
  const asked = JSON.stringify(question);
  const after = query.cursor === undefined ? {} : { after: readCursor(cursorHash, asked, query.cursor) };
  const { items, next } = await read({ limit: query.limit, ...after });
  return {
    items: items.map(write),
    nextCursor: next === undefined ? null : writeCursor(cursorHash, asked, next),
  };
}
