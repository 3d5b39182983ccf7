/** Reads that must agree with one another see one moment of the database. */
import type { ClientBase, Pool, QueryArrayConfig } from 'pg';
import { reaching } from '../store-away.ts';

/** Runs `read` in one read-only snapshot. Throws `Refused(store_unavailable)` when the database is away. */
export function inSnapshot<T>(pool: Pool, read: (client: ClientBase) => Promise<T>): Promise<T> {
  return reaching(async () => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const result = await read(client);
      await client.query('COMMIT');
      client.release();
      return result;
    } catch (error) {
      // The connection may be in the middle of anything; another one is cheap.
      client.release(true);
      throw error;
    }
  });
}

/** The rows of a query as tuples, in the order of its columns. */
export async function tuples<Row extends unknown[]>(
  client: Pick<ClientBase, 'query'>,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const { rows } = await client.query<Row>({ text, values: [...values], rowMode: 'array' });
  return rows;
}

/** The longest that a timer of Node waits. */
const FOR_EVER_MS = 2 ** 31 - 1;

/**
 * As `tuples`, for what reads a whole table and takes as long as that takes: the driver's own time limit is lifted. The
 * server's has to be, for the transaction, before.
 */
export async function unhurried<Row extends unknown[]>(client: ClientBase, text: string): Promise<Row[]> {
  // The driver knows the limit of a single query; its published types do not.
  const query: QueryArrayConfig & { readonly query_timeout: number } = {
    text,
    rowMode: 'array',
    query_timeout: FOR_EVER_MS,
  };
  const { rows } = await client.query<Row>(query);
  return rows;
}
