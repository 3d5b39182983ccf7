/**
 * Requests under an idempotency key. The key itself is not kept: the row's id is a hash of it, and the answer, which
 * may show a secret, is sealed under it, so that only who repeats the request can have the answer opened.
 */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { AskedOnce, GivenAnswer, OperationState, Operations } from '../app/ports/operations.ts';
import { uuidOf } from './ids.ts';
import type { Pepper } from './sealing.ts';
import { reaching } from './store-away.ts';

/** A process that has not answered by then is taken for dead. Longer than any request of ours may take. */
const LEASE_MS = 60_000;

interface OperationRow {
  readonly route: string;
  readonly body_hash: Buffer;
  readonly attempt: number;
  readonly leased: boolean;
  readonly sealed_answer: Buffer | null;
}

/** The requests that this database remembers. */
export function openOperations(pool: pg.Pool, pepper: Pepper): Operations {
  const idOf = ({ caller, idempotencyKey }: AskedOnce): string =>
    uuidOf(pepper.hash('operations', JSON.stringify([caller, idempotencyKey])));

  const begin = async (asked: AskedOnce): Promise<OperationState> => {
    const id = idOf(asked);
    const bodyHash = sha256(asked.body);
    const inserted = await pool.query(
      `INSERT INTO operation (id, route, body_hash, attempt, lease_until)
       VALUES ($1, $2, $3, 1, now() + $4 * interval '1 ms') ON CONFLICT (id) DO NOTHING`,
      [id, asked.route, bodyHash, LEASE_MS],
    );
    if (inserted.rowCount === 1) return { state: 'begun', id, attempt: 1 };
    const { rows } = await pool.query<OperationRow>(
      'SELECT route, body_hash, attempt, lease_until > now() AS leased, sealed_answer FROM operation WHERE id = $1',
      [id],
    );
    const [row] = rows;
    if (!row) throw new Error(`operation ${id} was neither begun nor there`);
    if (row.route !== asked.route) return { state: 'other', differs: 'route' };
    if (!row.body_hash.equals(bodyHash)) return { state: 'other', differs: 'body' };
    if (row.sealed_answer) return { state: 'answered', answer: openAnswer(pepper, asked, id, row.sealed_answer) };
    return row.leased ? { state: 'running' } : takeOver(id, row.attempt);
  };

  const takeOver = async (id: string, attempt: number): Promise<OperationState> => {
    const taken = await pool.query(
      `UPDATE operation SET attempt = attempt + 1, lease_until = now() + $3 * interval '1 ms'
       WHERE id = $1 AND attempt = $2 AND sealed_answer IS NULL AND lease_until <= now()`,
      [id, attempt, LEASE_MS],
    );
    return taken.rowCount === 1 ? { state: 'begun', id, attempt: attempt + 1 } : { state: 'running' };
  };

  const answer = async (asked: AskedOnce, attempt: number, given: GivenAnswer): Promise<boolean> => {
    const id = idOf(asked);
    const sealed = pepper.seal('operations', JSON.stringify([given.status, given.body]), id, asked.idempotencyKey);
    const kept = await pool.query(
      'UPDATE operation SET sealed_answer = $3 WHERE id = $1 AND attempt = $2 AND sealed_answer IS NULL',
      [id, attempt, sealed],
    );
    return kept.rowCount === 1;
  };

  const release = async (asked: AskedOnce, attempt: number): Promise<void> => {
    await pool.query('UPDATE operation SET lease_until = now() WHERE id = $1 AND attempt = $2', [idOf(asked), attempt]);
  };

  return {
    begin: (asked) => reaching(() => begin(asked)),
    answer: (asked, attempt, given) => reaching(() => answer(asked, attempt, given)),
    release: (asked, attempt) => reaching(() => release(asked, attempt)),
  };
}

function openAnswer(pepper: Pepper, asked: AskedOnce, id: string, sealed: Buffer): GivenAnswer {
  const opened: unknown = JSON.parse(pepper.open('operations', sealed, id, asked.idempotencyKey));
  if (!Array.isArray(opened)) throw new Error(`the answer to operation ${id} is not what was kept`);
  const [status, body]: unknown[] = opened;
  if (typeof status !== 'number' || typeof body !== 'string') {
    throw new Error(`the answer to operation ${id} is not what was kept`);
  }
  return { status, body };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
