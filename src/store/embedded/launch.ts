/**
 * As whom PostgreSQL runs. It refuses root, so under root it gets an unprivileged user of its own; where that user
 * cannot pass through the folders above (a clone inside a 0700 folder) it is given the one capability that lets it.
 */
import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Binaries, copyBinaries, linkLibraries } from './binaries.ts';
import { EmbeddedRefused } from './refused.ts';

const run = promisify(execFile);

/** The owner of the server and its files. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** How programs of PostgreSQL are started here: `prefix` is setpriv with its options, or empty. */
export interface Launch {
  readonly binaries: Binaries;
  readonly prefix: readonly string[];
  readonly owner: Owner;
}

/** What the server needs to pass through folders that are closed to its user; the least first. */
const REACHES = [undefined, 'dac_read_search', 'dac_override'] as const;

/** Users that may own the server when Stipend runs as root, best first. */
const UNPRIVILEGED = ['postgres', 'nobody'];

const isRoot = process.getuid?.() === 0;

/** Who is to own the server: oneself; under root the owner of the existing data, or else an unprivileged user. */
export async function chooseOwner(dataFolder: string): Promise<Owner> {
  if (!isRoot) return { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 };
  const existing = await stat(dataFolder).catch(() => undefined);
  if (existing && existing.uid !== 0) return { uid: existing.uid, gid: existing.gid };
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of UNPRIVILEGED) {
    const user = users.find(([each]) => each === name);
    if (user) return { uid: Number(user[2]), gid: Number(user[3]) };
  }
  throw new EmbeddedRefused(
    `PostgreSQL does not run as root, and there is no user named ${UNPRIVILEGED.join(' or ')} to run it as. Start Stipend as an ordinary user.`,
  );
}

/**
 * Finds a way to run the server on `folder`, which exists and is the owner's: the packaged binaries with the least
 * reach that works, else a copy of them in `copyFolder`. Each way is tried for real. Throws EmbeddedRefused.
 */
export async function chooseLaunch(
  packaged: Binaries,
  owner: Owner,
  folder: string,
  copyFolder: string,
): Promise<Launch> {
  const prefixes = await prefixesFor(owner);
  const failures = new Set<string>();
  for (const place of [async () => packaged, () => copyBinaries(packaged, copyFolder)]) {
    try {
      const binaries = await place();
      await linkLibraries(binaries);
      for (const prefix of prefixes) {
        const launch = { binaries, prefix, owner };
        const failure = await failureOf(launch, folder);
        if (failure === undefined) return launch;
        failures.add(failure);
      }
    } catch (cause) {
      failures.add(String(cause));
    }
  }
  throw new EmbeddedRefused(
    `The embedded PostgreSQL cannot run on ${folder} as user ${owner.uid}: ${[...failures].join('; ')}. If a folder above is closed to that user, set STIPEND_DATA_DIR to one that is open to it, for instance /var/lib/stipend; or set STIPEND_DATABASE_URL.`,
  );
}

/** Starts a program of PostgreSQL as its owner. It sees nothing of our environment, which holds secrets. */
export function spawnAsOwner(
  launch: Launch,
  program: 'postgres' | 'initdb',
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  const [file, ...rest] = [...launch.prefix, join(launch.binaries.root, 'bin', program), ...args];
  return spawn(String(file), rest, { ...options, ...asOwner(launch) });
}

/** Without setpriv Node itself changes the user, and nothing tells the server when Stipend is killed. */
async function prefixesFor(owner: Owner): Promise<readonly (readonly string[])[]> {
  const isSetprivThere = await run('setpriv', ['--pdeathsig', 'INT', 'true']).then(
    () => true,
    () => false,
  );
  if (!isSetprivThere) return [[]];
  return (isRoot ? REACHES : [undefined]).map((reach) => setpriv(owner, reach));
}

function setpriv(owner: Owner, reach: string | undefined): readonly string[] {
  // INT is PostgreSQL's fast shutdown: a Stipend that is killed takes its server with it.
  const always = ['setpriv', '--no-new-privs', '--pdeathsig', 'INT'];
  if (!isRoot) return always;
  const user = ['--reuid', String(owner.uid), '--regid', String(owner.gid), '--clear-groups'];
  if (!reach) return [...always, ...user];
  // PostgreSQL asks access(2) about its own files, which heeds a capability of a non-root user only under this bit.
  const bits = ['--securebits', '+no_setuid_fixup'];
  return [...always, ...user, '--inh-caps', `-all,+${reach}`, '--ambient-caps', `+${reach}`, ...bits];
}

function asOwner(launch: Launch): SpawnOptions {
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
  return isRoot && launch.prefix.length === 0 ? { env, ...launch.owner } : { env };
}

/** Tries to reach the folder and to run the server binary; what went wrong, or undefined. */
async function failureOf(launch: Launch, folder: string): Promise<string | undefined> {
  const enterAndRun = 'cd "$1" && exec "$2" --version';
  const postgres = join(launch.binaries.root, 'bin', 'postgres');
  const [file, ...args] = [...launch.prefix, '/bin/sh', '-c', enterAndRun, 'sh', folder, postgres];
  try {
    await run(String(file), args, { ...asOwner(launch), cwd: '/' });
    return undefined;
  } catch (cause) {
    const { stderr } = cause as { stderr?: string };
    return (stderr || String(cause)).trim();
  }
}
