/** Tells a database that cannot be reached or cannot take more from a mistake of ours. */
import { Refused } from '../core/errors.ts';

/**
 * SQLSTATE classes and codes of a server that may do it later: connection lost, too many connections or no memory or
 * disk, shutting down, cancelled by a time limit, read-only after a failover, serialization, deadlock.
 * Source: PostgreSQL documentation, appendix A.
 */
const LATER = /^(08|53|57P|57014|25006|40001|40P01)/;

/** What Node's sockets say, and what `pg` says in words only. */
const UNREACHED = /^(ECONN|EPIPE|ENOENT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/;
const UNREACHED_WORDS = /timeout|terminated|not queryable|closed the connection|Cannot use a pool/i;

/** How long a caller does well to wait. */
const RETRY_AFTER_SECONDS = 2;

/** Whether an error means that the database is away, and not that what was asked of it is wrong. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (LATER.test(code) || UNREACHED.test(code)) return true;
  return code === '' && UNREACHED_WORDS.test(error.message);
}

/** What a caller is told while the database is away; `cause` is for the operator. */
export function storeAway(cause: unknown): Refused {
  const message = 'Stipend cannot reach its database at the moment, so nothing was done.';
  return new Refused({ code: 'store_unavailable', message, retryAfterSeconds: RETRY_AFTER_SECONDS }, { cause });
}

/** Runs a query; throws `Refused(store_unavailable)` when the database is away. */
export async function reaching<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw isAway(cause) ? storeAway(cause) : cause;
  }
}
