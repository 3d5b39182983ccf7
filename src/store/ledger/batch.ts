/** One batch of operations as one short transaction, and what is done when it fails. */
import type { ClientBase, Pool, PoolClient } from 'pg';
import { decide } from '../../core/ledger/decide.ts';
import type { LedgerOperation, LedgerOutcome, TrancheId } from '../../core/ledger/operations.ts';
import { IDS } from '../ids.ts';
import { isAway } from '../store-away.ts';
import { applyAndCommit } from './apply.ts';
import { HoldAppeared, load } from './load.ts';

/** SQLSTATEs after which the same transaction can succeed: serialization, deadlock, and an id that another committed. */
const AGAIN = new Set(['40001', '40P01', '23505']);
const ATTEMPTS_MOST = 8;
const PAUSE_MOST_MS = 20;

/** What became of each operation, in their order. */
export type Result = { readonly outcome: LedgerOutcome } | { readonly failed: unknown };

/**
 * Decides and books operations together. Collisions with other batches are tried again, a bounded number of times. When
 * the transaction fails for a reason that stays, it is cut in halves until only the operation that causes it fails.
 * Throws when the database is away; nothing is known of the batch then, and it can be tried again as it is.
 */
export async function commitBatch(pool: Pool, operations: readonly LedgerOperation[]): Promise<Result[]> {
  try {
    const outcomes = await attempt(pool, operations);
    return outcomes.map((outcome) => ({ outcome }));
  } catch (failed) {
    if (isAway(failed)) throw failed;
    if (operations.length === 1) return [{ failed }];
    const middle = operations.length >> 1;
    const first = await commitBatch(pool, operations.slice(0, middle));
    return [...first, ...(await commitBatch(pool, operations.slice(middle)))];
  }
}

async function attempt(pool: Pool, operations: readonly LedgerOperation[]): Promise<readonly LedgerOutcome[]> {
  for (let left = ATTEMPTS_MOST; ; left -= 1) {
    try {
      return await inTransaction(pool, operations);
    } catch (error) {
      if (left === 1 || !mayPass(error)) throw error;
      await pauseUpTo(PAUSE_MOST_MS);
    }
  }
}

async function inTransaction(pool: Pool, operations: readonly LedgerOperation[]): Promise<readonly LedgerOutcome[]> {
  const client = await pool.connect();
  try {
    const outcomes = await decideAndWrite(client, operations);
    client.release();
    return outcomes;
  } catch (error) {
    await rollBack(client);
    throw error;
  }
}

async function decideAndWrite(
  client: ClientBase,
  operations: readonly LedgerOperation[],
): Promise<readonly LedgerOutcome[]> {
  const { state, now } = await load(client, operations);
  const { outcomes, writes } = decide(state, operations, {
    now,
    entryId: IDS.fresh,
    successorOf,
  });
  await applyAndCommit(client, writes);
  return outcomes;
}

/** The id of what rolls over from a tranche. */
export function successorOf(tranche: TrancheId): TrancheId {
  return IDS.derived(`what rolls over from tranche ${tranche}`);
}

/** A connection that cannot even roll back is thrown away. */
async function rollBack(client: PoolClient): Promise<void> {
  try {
    await client.query('ROLLBACK');
    client.release();
  } catch (error) {
    client.release(error instanceof Error ? error : true);
  }
}

function mayPass(error: unknown): boolean {
  if (error instanceof HoldAppeared) return true;
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && AGAIN.has(error.code);
}

/** A random while, so that two that collided do not collide again. */
function pauseUpTo(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * ms));
}
