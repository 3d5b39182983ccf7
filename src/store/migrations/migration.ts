import type { Kysely } from 'kysely';

/** One step. `name` is its file's, `NNNN-title`; the numbers begin at 0001 and leave no gap. */
export interface Migration {
  readonly name: string;
  /** Runs inside a transaction; DDL that cannot (CREATE INDEX CONCURRENTLY) has no place here. */
  readonly up: (db: Kysely<unknown>) => Promise<void>;
}
