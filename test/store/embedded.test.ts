/** The embedded database with real processes: how it comes up, whom it refuses, and how it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyBinaries, packagedBinaries } from '../../src/store/embedded/binaries.ts';
import { type EmbeddedDatabase, startEmbedded } from '../../src/store/embedded/embedded.ts';
import { openSocketFolder } from '../../src/store/embedded/folders.ts';
import { spawnAsOwner } from '../../src/store/embedded/launch.ts';
import { isGoneWithin, runningOn } from '../../src/store/embedded/postmaster.ts';
import { prepare } from '../../src/store/embedded/prepare.ts';
import { lockWhenUp, startServer } from '../../src/store/embedded/server.ts';

const HOLDER = fileURLToPath(new URL('embedded-holder.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;

let parent: string;
let dataDir: string;
const log: string[] = [];
const opened: { stop(): Promise<unknown> }[] = [];

beforeEach(async () => {
  // As a newcomer's `mktemp -d` makes it: closed to everybody else.
  parent = await realpath(await mkdtemp(join(tmpdir(), 'stipend-embedded-')));
  dataDir = join(parent, 'data');
  log.length = 0;
});

afterEach(async () => {
  for (const each of opened.splice(0)) await each.stop();
  await rm(parent, { recursive: true, force: true });
});

async function start(folder = dataDir): Promise<EmbeddedDatabase> {
  const embedded = await startEmbedded({
    dataDir: folder,
    log: (line) => log.push(line),
    onTakenOver: (cause) => log.push(String(cause)),
  });
  opened.push(embedded);
  return embedded;
}

interface Holder {
  readonly process: ChildProcess;
  /** Its first word about the outcome: the connection, or the refusal. */
  readonly outcome: Promise<{ readonly kind: string; readonly text: string }>;
  stop(signal?: NodeJS.Signals): Promise<unknown>;
}

/** The database in a process of its own, possibly as another user. */
function hold(prefix: readonly string[] = []): Holder {
  const [file, ...args] = [...prefix, process.execPath, HOLDER, dataDir];
  const child = spawn(String(file), args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const outcome = (async () => {
    for await (const line of createInterface(child.stdout)) {
      const [, kind = '', text = ''] = /^(\w+) (.*)$/.exec(line) ?? [];
      if (kind !== 'log') return { kind, text };
    }
    throw new Error('the holder ended without a word');
  })();
  const holder = {
    process: child,
    outcome,
    stop: async (signal: NodeJS.Signals = 'SIGTERM') => {
      child.kill(signal);
      await exit;
    },
  };
  opened.push(holder);
  return holder;
}

async function ask(connection: string, statement: string): Promise<unknown[]> {
  const session = new pg.Client({ connectionString: connection });
  await session.connect();
  try {
    const { rows } = await session.query({ text: statement, rowMode: 'array' });
    return rows.flat();
  } finally {
    await session.end();
  }
}

const setting = async (connection: string, name: string) => (await ask(connection, `SHOW ${name}`))[0];

async function serverPid(): Promise<number> {
  const running = await runningOn(join(dataDir, 'postgres'));
  if (!running) throw new Error('no server is running');
  return running.pid;
}

describe('the embedded database', () => {
  it('is made at the first start and keeps its data over a restart', async () => {
    const first = await start();
    await ask(first.connection, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    expect(await runningOn(join(dataDir, 'postgres'))).toBeUndefined();

    const second = await start();
    expect(await ask(second.connection, 'SELECT answer FROM kept')).toEqual([42]);
    expect(log.filter((line) => line.startsWith('creating'))).toHaveLength(1);
    expect((await readdir(dataDir)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('writes to the disk before it answers, opens no port, and lets nobody in without its password', async () => {
    const { connection } = await start();
    expect(await setting(connection, 'fsync')).toBe('on');
    expect(await setting(connection, 'synchronous_commit')).toBe('on');
    expect(await setting(connection, 'listen_addresses')).toBe('');
    expect(await ask(connection, 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user')).toEqual([false]);
    await expect(ask(connection.replace(/:[^:@]+@/, ':guess@'), 'SELECT 1')).rejects.toThrow(/password/);
    for (const secret of ['postgres.password', 'postgres.log']) {
      expect((await stat(join(dataDir, secret))).mode & 0o077).toBe(0);
    }
    const pid = await serverPid();
    expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain('HOME=');
  });

  it('runs in a folder that is closed to everybody else, and never as root', async () => {
    expect((await stat(parent)).mode & 0o777).toBe(0o700);
    await start();
    const status = await readFile(`/proc/${await serverPid()}/status`, 'utf8');
    const [, uid] = /^Uid:\s+(\d+)/m.exec(status) ?? [];
    expect(Number(uid)).toBe((await stat(join(dataDir, 'postgres'))).uid);
    expect(Number(uid)).not.toBe(0);
  });

  it('gives the server no capability where the folders are open to it', async () => {
    await chmod(parent, 0o755);
    const { prefix } = (await prepare(dataDir, () => undefined)).launch;
    expect(prefix.includes('--ambient-caps')).toBe(isRoot && !(await isOpen((await packagedBinaries()).root)));
  });

  it('belongs to an ordinary user where an ordinary user starts it', async () => {
    if (!isRoot) {
      await start();
      expect((await stat(join(dataDir, 'postgres'))).uid).toBe(process.getuid?.());
      return;
    }
    await chown(parent, 65534, 65534);
    // The clone may lie where that user cannot read it; its data folder is its own.
    const reach = ['--inh-caps', '+dac_read_search', '--ambient-caps', '+dac_read_search'];
    const user = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', ...reach];
    const holder = hold(user);
    expect(await holder.outcome).toMatchObject({ kind: 'ready' });
    expect((await stat(join(dataDir, 'postgres'))).uid).toBe(65534);
    await holder.stop();
    // And root takes it over as it is.
    const { connection } = await start();
    expect(await ask(connection, 'SELECT 1')).toEqual([1]);
    expect((await stat(join(dataDir, 'postgres'))).uid).toBe(65534);
  });

  it('puts its socket aside where the path is too long for one', async () => {
    const long = join(parent, 'x'.repeat(60), 'y'.repeat(60));
    const { connection, stop } = await start(long);
    const folder = new URL(connection.replace('@/', '@local/')).searchParams.get('host') ?? '';
    expect(folder.startsWith(tmpdir())).toBe(true);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await ask(connection, 'SELECT 1')).toEqual([1]);
    await stop();
    await expect(stat(folder)).rejects.toThrow(/ENOENT/);
  });

  it('lives in folders with any name', async () => {
    const { connection } = await start(join(parent, `a "b", 'ç' 100%`));
    expect(await ask(connection, 'SELECT 1')).toEqual([1]);
  });
});

describe('a second Stipend on the same folder', () => {
  it('is refused by name, and the first goes on', async () => {
    const holder = hold();
    const { text: connection } = await holder.outcome;
    await expect(start()).rejects.toThrow(
      new RegExp(`Another Stipend \\(process ${holder.process.pid}\\).*STIPEND_DATA_DIR`),
    );
    expect(await ask(connection, 'SELECT 1')).toEqual([1]);
  });

  it('started at the same moment leaves exactly one of the two', async () => {
    const outcomes = await Promise.all([hold().outcome, hold().outcome]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['ready', 'refused']);
    const ready = outcomes.find(({ kind }) => kind === 'ready');
    expect(await ask(ready?.text ?? '', 'SELECT 1')).toEqual([1]);
  });
});

describe('after a kill −9', () => {
  it('of Stipend the next start has everything that was acknowledged', async () => {
    const holder = hold();
    const { text } = await holder.outcome;
    await ask(text, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pid = await serverPid();
    await holder.stop('SIGKILL');

    const { connection } = await start();
    expect(await ask(connection, 'SELECT answer FROM kept')).toEqual([42]);
    expect(await isGoneWithin(pid, 1_000)).toBe(true);
  });

  it('of Stipend its server ends too, where the system can tell it', async () => {
    if (process.platform !== 'linux') {
      console.warn('this system has no parent-death signal: the next start ends the survivor instead');
      return;
    }
    const holder = hold();
    await holder.outcome;
    const pid = await serverPid();
    await holder.stop('SIGKILL');
    expect(await isGoneWithin(pid, 20_000)).toBe(true);
  });

  it('of Stipend, where the system cannot tell it, the next start ends the survivor', async () => {
    const survivor = await leaveSurvivor();
    const { connection } = await start();
    expect(log).toContain('ending the database that an earlier Stipend left behind');
    expect(await isGoneWithin(survivor, 1_000)).toBe(true);
    expect(await ask(connection, 'SELECT 1')).toEqual([1]);
  });

  it('of the server it comes back by itself at the same address', async () => {
    const { connection } = await start();
    await ask(connection, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const killed = await serverPid();
    process.kill(killed, 'SIGKILL');
    await expect
      .poll(() => ask(connection, 'SELECT answer FROM kept').catch(() => []), { timeout: 30_000 })
      .toEqual([42]);
    expect(await serverPid()).not.toBe(killed);
    await expect(start()).rejects.toThrow(/Another Stipend/);
  });

  it('of everything, a process that has the same number by now is not mistaken for the server', async () => {
    const { stop } = await start();
    await stop();
    const stale = `${process.pid}\n${join(dataDir, 'postgres')}\n1\n5432\n${join(dataDir, 'socket')}\n\n`;
    await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), stale);
    const { connection } = await start();
    expect(await ask(connection, 'SELECT 1')).toEqual([1]);
  });
});

it('a server that has ended counts as gone, even where nobody waits for its end', async () => {
  // The shell's child ends, and what the shell has become never asks how.
  const careless = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 600'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [pid] = await once(careless.stdout, 'data');
  expect(await isGoneWithin(Number(pid), 10_000)).toBe(true);
  careless.kill();
});

describe('a session of the running Stipend that is cut', () => {
  it('is taken up again, so that the folder stays refused to others', async () => {
    const { connection } = await start();
    const superuser = connection.replace('//stipend:', '//postgres:');
    const holders = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'stipend instance%'";
    const [before] = await ask(superuser, holders);
    await ask(superuser, `SELECT pg_terminate_backend(${before})`);
    await expect
      .poll(async () => (await ask(superuser, holders)).filter((pid) => pid !== before), { timeout: 10_000 })
      .toHaveLength(1);
    const second = hold();
    expect(await second.outcome).toMatchObject({ kind: 'refused', text: expect.stringContaining('Another Stipend') });
  });
});

describe('a data folder that cannot be used', () => {
  it('of another version of PostgreSQL is named and left alone', async () => {
    await mkdir(join(dataDir, 'postgres'), { recursive: true });
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '14\n');
    await expect(start()).rejects.toThrow(/PostgreSQL 14.*carries 18/);
  });

  it('with something else in it is named and left alone', async () => {
    await mkdir(join(dataDir, 'postgres'), { recursive: true });
    await writeFile(join(dataDir, 'postgres', 'letters.txt'), 'dear');
    await expect(start()).rejects.toThrow(/another program/);
  });

  it('that is a file is named', async () => {
    await writeFile(dataDir, '');
    await expect(start()).rejects.toThrow(/STIPEND_DATA_DIR .*cannot be created/);
  });
});

describe('the binaries', () => {
  it('are copied whole, once, and run from there', async () => {
    const packaged = await packagedBinaries();
    const copies = await Promise.all([copyBinaries(packaged, parent), copyBinaries(packaged, parent)]);
    expect(copies[0]).toEqual(copies[1]);
    expect(await readdir(parent)).toHaveLength(1);
    const launch = { binaries: copies[0], prefix: [], owner: { uid: 65534, gid: 65534 } };
    await chmod(parent, 0o755);
    const [code] = await once(spawnAsOwner(launch, 'postgres', ['--version'], { stdio: 'ignore' }), 'exit');
    expect(code).toBe(0);
  });
});

/** Whether anybody may pass through all folders above. */
async function isOpen(path: string): Promise<boolean> {
  const above = dirname(path);
  if (above === path) return true;
  return ((await stat(above)).mode & 0o001) === 1 && (await isOpen(above));
}

/** A server without a Stipend, as it is left where nothing tells it that its parent was killed. Returns its pid. */
async function leaveSurvivor(): Promise<number> {
  const { stop } = await start();
  await stop();
  const ground = await prepare(dataDir, () => undefined);
  const site = { ...ground, socketFolder: await openSocketFolder(ground.folders, ground.launch.owner) };
  const server = await startServer(site);
  const lock = await lockWhenUp(site, server);
  if (lock?.state !== 'held') throw new Error('the survivor did not come up');
  await lock.release();
  return server.pid ?? Number.NaN;
}
