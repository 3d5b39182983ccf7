/** Lists by the `place` of their rows: what is added while somebody walks a list comes at its end. */
import type { Page, Paged } from '../app/ports.ts';
import { refused } from '../core/errors.ts';

/** The place after which the page begins. Throws `Refused(unprocessable)` for a cursor that this list never gave. */
export function placeAfter(page: Page): bigint {
  if (page.after === undefined) return 0n;
  if (!/^\d{1,18}$/.test(page.after)) throw refused('unprocessable', 'The cursor is none that this list gave.');
  return BigInt(page.after);
}

/** One page out of at most `limit + 1` rows, the last of which only tells that there are more. */
export function pageFrom<Row extends { readonly place: bigint }, Item>(
  rows: readonly Row[],
  limit: number,
  read: (row: Row) => Item,
): Paged<Item> {
  const shown = rows.slice(0, limit);
  const items = shown.map(read);
  const last = shown.at(-1);
  return rows.length > limit && last ? { items, next: String(last.place) } : { items };
}
