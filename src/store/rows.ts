/** How rows become records: absent instead of null, instants instead of dates. */
import type { Accounts } from '../app/ports/people.ts';
import { type Instant, instant } from '../core/time/instant.ts';

type Present<Row> = { [Column in keyof Row]?: Exclude<Row[Column], null> };

/** The same fields without those that are null. */
export function present<Row extends object>(row: Row): Present<Row> {
  const kept: Present<Row> = {};
  for (const name of Object.keys(row) as (keyof Row)[]) {
    const value = row[name];
    if (value !== null) kept[name] = value as Exclude<Row[typeof name], null>;
  }
  return kept;
}

/** A timestamp as an instant, null as nothing. */
export function at(date: Date): Instant;
export function at(date: Date | null): Instant | null;
export function at(date: Date | null): Instant | null {
  return date === null ? null : instant(date.getTime());
}

export function accountsOf(row: { readonly live_account: string; readonly test_account: string }): Accounts {
  return { live: row.live_account, test: row.test_account };
}

/** The name of the unique index that an insert or update ran into; `undefined` for any other error. */
export function violatedIndex(error: unknown): string | undefined {
  const isDuplicate = error instanceof Error && 'code' in error && error.code === '23505' && 'constraint' in error;
  return isDuplicate ? String(error.constraint) : undefined;
}
