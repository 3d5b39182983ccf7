/** What one installation has once, the same for every replica: its id, its pepper, its first administrator's key. */
import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { freshKey } from './fresh-key.ts';
import { createPepper, PEPPER_BYTES, type Pepper, sameHash } from './sealing.ts';

export interface InstallationOptions {
  /** `STIPEND_PEPPER`, at least 32 bytes; absent: made at the first start and kept in the database. */
  readonly pepper?: Uint8Array;
  /** `STIPEND_ADMIN_KEY`; absent: made at the first start, and only its hash is kept. */
  readonly adminKey?: string;
}

export interface Installation {
  readonly id: string;
  readonly pepper: Pepper;
  readonly adminKeyHash: Buffer;
  /** The admin key that was just made: to be printed, this once. */
  readonly madeAdminKey?: string;
}

/** The configuration does not fit the database it is used with; the message says what to do. */
export class InstallationMismatch extends Error {
  override readonly name = 'InstallationMismatch';
}

interface InstallationRow {
  readonly id: string;
  readonly pepper: Buffer | null;
  readonly pepper_check: Buffer;
  readonly admin_key_hash: Buffer | null;
}

const CHECKED = 'the pepper of this installation';
const ADMIN_PURPOSE = 'admin keys';

/**
 * Reads the installation, or makes it at the first start; several at once make one. Run after the migrations.
 * Throws InstallationMismatch when the pepper is not the one that the database was begun with.
 */
export async function ensureInstallation(pool: pg.Pool, options: InstallationOptions = {}): Promise<Installation> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    // Two first starts at once: the second waits here and then finds the row of the first.
    await client.query('LOCK TABLE installation IN SHARE ROW EXCLUSIVE MODE');
    const { rows } = await client.query<InstallationRow>(
      'SELECT id, pepper, pepper_check, admin_key_hash FROM installation',
    );
    const installation = rows[0] ? await readInstallation(client, rows[0], options) : await begin(client, options);
    await client.query('COMMIT');
    return installation;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function begin(client: pg.PoolClient, options: InstallationOptions): Promise<Installation> {
  const bytes = options.pepper ?? randomBytes(PEPPER_BYTES);
  const pepper = createPepper(bytes);
  const id = randomUUID();
  const made = options.adminKey === undefined ? freshKey('admin', id) : undefined;
  const adminKeyHash = pepper.hash(ADMIN_PURPOSE, options.adminKey ?? made ?? '');
  await client.query('INSERT INTO installation (id, pepper, pepper_check, admin_key_hash) VALUES ($1, $2, $3, $4)', [
    id,
    options.pepper ? null : bytes,
    pepper.hash('check', CHECKED),
    made === undefined ? null : adminKeyHash,
  ]);
  return made === undefined ? { id, pepper, adminKeyHash } : { id, pepper, adminKeyHash, madeAdminKey: made };
}

async function readInstallation(
  client: pg.PoolClient,
  row: InstallationRow,
  options: InstallationOptions,
): Promise<Installation> {
  const bytes = options.pepper ?? row.pepper;
  if (!bytes) {
    throw new InstallationMismatch('This database was begun with a STIPEND_PEPPER of its own. Set the same one again.');
  }
  const pepper = createPepper(bytes);
  if (!sameHash(pepper.hash('check', CHECKED), row.pepper_check)) {
    throw new InstallationMismatch(
      'STIPEND_PEPPER is not the one that this database was begun with; with another, no key would be known. Set the first one again.',
    );
  }
  const { id } = row;
  if (options.adminKey !== undefined) {
    return { id, pepper, adminKeyHash: pepper.hash(ADMIN_PURPOSE, options.adminKey) };
  }
  if (row.admin_key_hash) return { id, pepper, adminKeyHash: row.admin_key_hash };
  // So far the key came from the configuration, which no longer brings one.
  const madeAdminKey = freshKey('admin', id);
  const adminKeyHash = pepper.hash(ADMIN_PURPOSE, madeAdminKey);
  await client.query('UPDATE installation SET admin_key_hash = $1', [adminKeyHash]);
  return { id, pepper, adminKeyHash, madeAdminKey };
}
