/** What lies where in Stipend's data folder, and whose it is. */
import { randomBytes } from 'node:crypto';
import { chown, link, mkdir, mkdtemp, open, readFile, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Owner } from './launch.ts';
import { EmbeddedRefused } from './refused.ts';

export interface Folders {
  /** `STIPEND_DATA_DIR`, absolute. */
  readonly root: string;
  /** PostgreSQL's own folder. */
  readonly data: string;
  /** The folder of the Unix socket, or a link to it. */
  readonly socket: string;
  readonly password: string;
  readonly log: string;
}

export function foldersIn(root: string): Folders {
  return {
    root,
    data: join(root, 'postgres'),
    socket: join(root, 'socket'),
    password: join(root, 'postgres.password'),
    log: join(root, 'postgres.log'),
  };
}

/** A socket's path has a fixed length in the kernel's struct (`sun_path`), the closing NUL included. */
const SOCKET_PATH_BYTES_MOST = process.platform === 'darwin' ? 103 : 107;
const SOCKET_FILE = '.s.PGSQL.5432';
const LOG_BYTES_MOST = 8 * 1024 * 1024;

/** Creates the data folder where it is missing; passable where the server has another user than Stipend. */
export async function createRoot(root: string, owner: Owner): Promise<void> {
  const mode = owner.uid === process.getuid?.() ? 0o700 : 0o711;
  try {
    await mkdir(root, { recursive: true, mode });
  } catch (cause) {
    throw new EmbeddedRefused(`STIPEND_DATA_DIR (${root}) cannot be created: ${String(cause)}`, { cause });
  }
}

/** Gives a file or folder to the server's user, where that is another than Stipend's. */
export async function giveTo(owner: Owner, path: string): Promise<void> {
  if (owner.uid !== process.getuid?.()) await chown(path, owner.uid, owner.gid);
}

/** The database's password: made at the first start; of two first starts at once both read the same. */
export async function passwordIn(folders: Folders): Promise<string> {
  const draft = `${folders.password}.${process.pid}`;
  await writeDurably(draft, randomBytes(24).toString('base64url'));
  try {
    await link(draft, folders.password);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  } finally {
    await rm(draft, { force: true });
  }
  return (await readFile(folders.password, 'utf8')).trim();
}

/** Writes a file that only this user may read, and waits until the disk has it. */
async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * The folder for the Unix socket: in the data folder where its path is short enough, else a private temporary one to
 * which the data folder holds a link, so that the next start can tidy up after one that was killed. Only while no
 * server runs on the data folder.
 */
export async function openSocketFolder(folders: Folders, owner: Owner): Promise<string> {
  await closeSocketFolder(folders);
  if (Buffer.byteLength(join(folders.socket, SOCKET_FILE)) <= SOCKET_PATH_BYTES_MOST) {
    await mkdir(folders.socket, { recursive: true, mode: 0o700 });
    await giveTo(owner, folders.socket);
    return folders.socket;
  }
  const short = await mkdtemp(join(tmpdir(), 'stipend-'));
  await giveTo(owner, short);
  await symlink(short, folders.socket);
  return short;
}

/** Removes the socket's folder with what a killed server left in it; only while none runs on the data folder. */
export async function closeSocketFolder(folders: Folders): Promise<void> {
  const short = await readlink(folders.socket).catch(() => undefined);
  if (short) await rm(short, { recursive: true, force: true });
  await rm(folders.socket, { recursive: true, force: true });
}

/** The server's log, for appending; beyond 8 MiB the old one is put aside once. */
export async function openLog(folders: Folders): Promise<{ readonly fd: number; close(): Promise<void> }> {
  const written = await stat(folders.log).catch(() => undefined);
  if (written && written.size > LOG_BYTES_MOST) await rename(folders.log, `${folders.log}.1`);
  const file = await open(folders.log, 'a', 0o600);
  return { fd: file.fd, close: () => file.close() };
}

/** The last words in the server's log, for a message about why it did not start. */
export async function lastWords(folders: Folders): Promise<string> {
  const text = await readFile(folders.log, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-5).join('\n');
}
