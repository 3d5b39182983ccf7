/** Every migration in order. Append only: one that has run anywhere is never edited, renamed, reordered or removed. */
import { ledger } from './0001-ledger.ts';
import { peopleAndKeys } from './0002-people-and-keys.ts';
import type { Migration } from './migration.ts';

export const MIGRATIONS: readonly Migration[] = [ledger, peopleAndKeys];
