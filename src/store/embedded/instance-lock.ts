/**
 * One Stipend per data folder: the running one holds an advisory lock in the folder's own database for as long as its
 * session lives. A server whose lock is free is one that its Stipend left behind.
 */
import pg from 'pg';

export interface LockHeld {
  readonly state: 'held';
  /** Resolves when the session ends, whoever ended it. */
  readonly lost: Promise<void>;
  /** For set-up as the superuser. */
  readonly session: pg.Client;
  release(): Promise<void>;
}

export interface LockTaken {
  readonly state: 'taken';
  /** The process id of the Stipend that holds it, if it can be seen. */
  readonly by: string;
}

/** `down`: no server accepts connections there now (it may be starting, recovering or ending). */
export type LockAttempt = LockHeld | LockTaken | { readonly state: 'down' };

const APPLICATION = 'stipend instance ';
const INSTANCE_LOCK = [0x53746970, 2] as const;
const CONNECT_TIMEOUT_MS = 5_000;
/** SQLSTATE cannot_connect_now, and what a socket says that nobody listens on. */
const DOWN = new Set(['57P03', 'ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

/** Tries once to take the lock as the superuser. Throws what the server says when it refuses for another reason. */
export async function tryInstanceLock(socketFolder: string, password: string): Promise<LockAttempt> {
  const session = new pg.Client({
    host: socketFolder,
    port: 5432,
    user: 'postgres',
    password,
    database: 'postgres',
    application_name: `${APPLICATION}${process.pid}`,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  const lost = new Promise<void>((resolve) => session.once('end', resolve));
  session.on('error', () => {
    // The end event follows, and `lost` tells.
  });
  try {
    await session.connect();
    const [key, part] = INSTANCE_LOCK;
    const { rows } = await session.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS got', [key, part]);
    if (rows[0]?.got) return { state: 'held', lost, session, release: () => session.end() };
    const by = await holder(session);
    await session.end();
    return { state: 'taken', by };
  } catch (cause) {
    await session.end().catch(() => undefined);
    if (isDown(cause)) return { state: 'down' };
    throw cause;
  }
}

async function holder(session: pg.Client): Promise<string> {
  const { rows } = await session.query<{ application_name: string }>(
    `SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid)
     WHERE locktype = 'advisory' AND granted AND classid = $1 AND objid = $2`,
    [...INSTANCE_LOCK],
  );
  return rows[0]?.application_name.replace(APPLICATION, '') ?? 'unknown';
}

function isDown(cause: unknown): boolean {
  const { code, message } = cause as { code?: string; message?: string };
  return DOWN.has(code ?? '') || message === 'Connection terminated unexpectedly';
}
