/**
 * The way to PostgreSQL: one pool, and Kysely over it. Embedded, Debian's and a managed server are all a connection
 * URL here; nothing below this file knows which it is.
 */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';

export interface DatabaseOptions {
  /** A libpq URL: `postgresql://user:password@host:port/name`, or with `?host=/folder` for a Unix socket. */
  readonly connection: string;
  /** Connections held at most; PostgreSQL gives each a process. */
  readonly connectionsMost?: number;
  /** A statement that runs longer is ended by the server, in milliseconds. */
  readonly statementTimeoutMs?: number;
  /** Told of a connection that broke while idle. The pool has dropped it already; the next query opens another. */
  readonly onConnectionLost?: (cause: Error) => void;
}

export interface Database {
  /** For hand-written SQL, transactions of several statements and LISTEN. */
  readonly pool: pg.Pool;
  /** For everything else; each noun names its own tables: `kysely.$extendTables<{ person: PersonTable }>()`. */
  readonly kysely: Kysely<unknown>;
  close(): Promise<void>;
}

const CONNECTIONS_MOST = 16;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 15_000;
/** Above the server's own limit: ours speaks only when the server or the network says nothing at all. */
const SILENCE_MARGIN_MS = 5_000;
const IDLE_IN_TRANSACTION_MS = 30_000;
/** Civil dates are reckoned by the rules in core; the server must not bring a zone of its own. */
const SESSION = '-c timezone=UTC -c DateStyle=ISO';

/**
 * Opens a pool. Nothing is sent before the first query, so a server that is down shows there, within seconds.
 * Values come back as `exactTypes` says.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  const pool = new pg.Pool({
    ...sessionConfig(options.connection),
    max: options.connectionsMost ?? CONNECTIONS_MOST,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + SILENCE_MARGIN_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  });
  surviveCuts(pool, options.onConnectionLost);
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  // Not over Kysely, which ends no pool that it has not used.
  return { pool, kysely, close: () => pool.end() };
}

/**
 * Lets a connection that is cut fail its query and nothing else: without a listener on the pool (for the idle ones) and
 * on each connection (for those in use, which say it apart from their query) Node ends the process.
 */
export function surviveCuts(pool: pg.Pool, onConnectionLost?: (cause: Error) => void): void {
  pool.on('error', (cause) => {
    // A pool that closes does not wait for its connections: a server that ends then still cuts some, and nothing is lost.
    if (!pool.ending) onConnectionLost?.(cause);
  });
  pool.on('connect', (client) => {
    client.on('error', () => {
      // In use, its query has failed with this; idle, the pool tells.
    });
  });
}

/** What every connection of ours has in common; for those that are made beside the pool, without its time limits. */
export function sessionConfig(connection: string): pg.ClientConfig {
  return {
    connectionString: connection,
    application_name: 'stipend',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    options: SESSION,
    types: exactTypes(),
  };
}

/**
 * BIGINT and whole NUMERIC come back as bigint, a NUMERIC with a fraction as its decimal text (never a float), DATE as
 * `YYYY-MM-DD`; arrays of them likewise. TIMESTAMPTZ stays a Date.
 */
function exactTypes(): pg.CustomTypesConfig {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, BigInt);
  types.setTypeParser(pg.types.builtins.NUMERIC, exactNumber);
  types.setTypeParser(pg.types.builtins.DATE, String);
  types.setTypeParser(INT8_ARRAY, exactNumbers);
  types.setTypeParser(NUMERIC_ARRAY, exactNumbers);
  types.setTypeParser(DATE_ARRAY, (text) => texts(text));
  return types;
}

// The array types have no names in the package; these are their fixed object ids in pg_type.dat.
const INT8_ARRAY = 1016;
const NUMERIC_ARRAY = 1231;
const DATE_ARRAY = 1182;
const TEXT_ARRAY: number = 1009;

const texts: (text: string) => (string | null)[] = pg.types.getTypeParser(TEXT_ARRAY, 'text');

function exactNumber(text: string): bigint | string {
  return /^-?\d+$/.test(text) ? BigInt(text) : text;
}

function exactNumbers(text: string): (bigint | string | null)[] {
  return texts(text).map((each) => (each === null ? null : exactNumber(each)));
}
