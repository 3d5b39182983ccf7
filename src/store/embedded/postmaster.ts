/** The server process as others see it: what its pid file tells, and whether it is there at all. */
import { readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** What a running server writes into `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly socketFolder: string;
}

const POLL_MS = 50;
/** PostgreSQL creates its pid file and then fills it; one that stays empty was left by a crash between the two. */
const PID_FILE_FILLS_MS = 1_000;

/** The server that runs on `dataFolder` (a real path), if one does. A pid file that nobody owns any more is removed. */
export async function runningOn(dataFolder: string): Promise<Postmaster | undefined> {
  const path = join(dataFolder, 'postmaster.pid');
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return undefined;
      throw cause;
    });
    if (text === undefined) return undefined;
    const [pid, , , , socketFolder] = text.split('\n');
    if (pid && socketFolder) {
      if (await isPostmaster(Number(pid), dataFolder)) return { pid: Number(pid), socketFolder };
      break;
    }
    if (waitedMs >= PID_FILE_FILLS_MS) break;
    await pause(POLL_MS);
  }
  // After a crash the number may be anybody's, above all in a container, and PostgreSQL would refuse to start.
  await rm(path, { force: true });
  return undefined;
}

/** Waits until the process is gone; false when it is still there after `mostMs`. */
export async function isGoneWithin(pid: number, mostMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < mostMs; waitedMs += POLL_MS) {
    if (!(await isAlive(pid))) return true;
    await pause(POLL_MS);
  }
  return !(await isAlive(pid));
}

/** Whether this process is a PostgreSQL on that folder, as far as the system lets us see. */
async function isPostmaster(pid: number, dataFolder: string): Promise<boolean> {
  if (!(await isAlive(pid))) return false;
  if (process.platform !== 'linux') return true;
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'postgres');
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => dataFolder);
  return name.trim() === 'postgres' && folder === dataFolder;
}

/** A process that has ended but was not waited for yet (under a careless PID 1, for ever) holds nothing any more. */
async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return !/\) [ZX] /.test(state);
}
