/** One run of the PostgreSQL server as our child. */
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { type Folders, lastWords, openLog } from './folders.ts';
import { type LockHeld, type LockTaken, tryInstanceLock } from './instance-lock.ts';
import { type Launch, spawnAsOwner } from './launch.ts';
import { runningOn } from './postmaster.ts';
import { EmbeddedRefused } from './refused.ts';

/** Where a server may be started. */
export interface Ground {
  readonly folders: Folders;
  readonly launch: Launch;
  readonly password: string;
  /** One line for the operator. */
  readonly log: (line: string) => void;
}

/** Where it is started, with the folder that its socket gets. */
export interface Site extends Ground {
  readonly socketFolder: string;
}

export interface Server {
  readonly pid: number | undefined;
  /** Resolves when the process has ended. */
  readonly exited: Promise<void>;
  readonly hasExited: () => boolean;
  /** Ends it cleanly: open transactions are rolled back, what was committed is on the disk. */
  stop(): Promise<void>;
}

const POLL_MS = 50;
const NEWS_EVERY_MS = 10_000;
const FAST_SHUTDOWN_MOST_MS = 30_000;

/** Starts the server; it is not up yet when this returns. */
export async function startServer(site: Site): Promise<Server> {
  const log = await openLog(site.folders);
  // A session of its own: Ctrl-C at the terminal is Stipend's, which ends the server when it has drained.
  const child = spawnAsOwner(site.launch, 'postgres', ['-D', site.folders.data, ...settings(site)], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  let isOver = false;
  const exited = once(child, 'exit').then(
    () => undefined,
    (cause) => site.log(`the embedded database could not be started: ${String(cause)}`),
  );
  void exited.then(() => {
    isOver = true;
  });
  await log.close();
  const stop = async () => {
    child.kill('SIGINT');
    const patience = new AbortController();
    const inTime = await Promise.race([
      exited.then(() => true),
      pause(FAST_SHUTDOWN_MOST_MS, false, { signal: patience.signal }).catch(() => true),
    ]);
    patience.abort();
    if (inTime) return;
    site.log('the embedded database did not end in time; it will recover at the next start');
    child.kill('SIGQUIT');
    await exited;
  };
  return { pid: child.pid, exited, hasExited: () => isOver, stop };
}

/**
 * Waits until the server is up and this Stipend has its lock; `taken` when another Stipend was faster, undefined when
 * the server ended first. Recovery after a crash takes as long as it takes, and is reported.
 */
export async function lockWhenUp(site: Site, server: Server): Promise<LockHeld | LockTaken | undefined> {
  for (let waitedMs = 0; !server.hasExited(); waitedMs += POLL_MS) {
    const attempt = await tryInstanceLock(site.socketFolder, site.password);
    if (attempt.state === 'taken') return attempt;
    if (attempt.state === 'held') {
      const answering = await runningOn(site.folders.data);
      if (answering?.pid === server.pid) return attempt;
      // Two starts at once: this is the other one's server, which leaves ours no place.
      await attempt.release();
    }
    if (waitedMs > 0 && waitedMs % NEWS_EVERY_MS === 0) {
      site.log(`the embedded database is not up yet: ${await lastWords(site.folders)}`);
    }
    await pause(POLL_MS);
  }
  return undefined;
}

/** Creates a cluster in the empty folder `place`. Throws EmbeddedRefused with initdb's own words. */
export async function initialise(launch: Launch, folders: Folders, place: string, passwordFile: string): Promise<void> {
  const log = await openLog(folders);
  const encoding = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const child = spawnAsOwner(launch, 'initdb', ['-D', place, ...encoding, ...access, '--no-instructions'], {
    cwd: '/',
    stdio: ['ignore', log.fd, log.fd],
  });
  const [code] = await once(child, 'exit').finally(() => log.close());
  if (code === 0) return;
  throw new EmbeddedRefused(`The embedded database could not be created. ${await lastWords(folders)}`);
}

/** On the command line, so that no file in the data folder can open a port or trade durability away. */
function settings(site: Site): string[] {
  const values = {
    listen_addresses: '',
    port: '5432',
    unix_socket_directories: `"${site.socketFolder.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    max_connections: '100',
    log_checkpoints: 'off',
    cluster_name: 'stipend',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
