import type { ListDocument } from '../api-client.ts';
import type { Session } from '../session.ts';
import { type Column, table } from './table.ts';

export interface ListShape<Item> {
  readonly columns: readonly Column[];
  readonly row: (item: Item) => readonly string[];
  /** What to say, and to do, when there is nothing. */
  readonly none: string;
}

/** Prints a list as a table, says what to do when it is empty, and says so when it was cut. */
export function printList<Item>(session: Session, list: ListDocument<Item>, shape: ListShape<Item>): void {
  session.print(list, () => (list.items.length === 0 ? shape.none : table(shape.columns, list.items.map(shape.row))));
  if (list.nextCursor !== null)
    session.note(`There are more than these ${list.items.length}: ask for more with --limit.`);
}
