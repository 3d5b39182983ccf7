/**
 * The servers that every store suite runs on, started once for a run: the embedded one as the product starts it,
 * Debian's PostgreSQL 15, and the npm binary of 18 run as a server. A missing one is an error, never a skipped suite.
 */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { packagedBinaries } from '../../src/store/embedded/binaries.ts';
import { startEmbedded } from '../../src/store/embedded/embedded.ts';
import { chooseLaunch, chooseOwner, type Launch, spawnAsOwner } from '../../src/store/embedded/launch.ts';

/** A server that tests may create databases on; see `freshDatabase`. */
export interface TestServer {
  readonly name: 'embedded 18' | 'Debian 15' | 'server 18';
  /** A libpq URL of a role that may create databases. */
  readonly connection: string;
  /** The same as superuser: dropping a database may mean ending the server's own vacuum in it. */
  readonly superuser: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly servers: readonly TestServer[];
  }
}

interface Started {
  readonly server: TestServer;
  stop(): Promise<void>;
}

const PASSWORD = 'of-a-server-that-lives-for-one-test-run';
const DEBIAN_15 = process.env['TEST_POSTGRES_15'] ?? '/usr/lib/postgresql/15';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!existsSync(join(DEBIAN_15, 'bin', 'postgres'))) {
    throw new Error(
      `PostgreSQL 15 is missing at ${DEBIAN_15}: apt-get install postgresql-15, or name its folder in TEST_POSTGRES_15`,
    );
  }
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'stipend-servers-')));
  const launch = await launchIn(folder);
  const debian = { ...launch, binaries: { root: DEBIAN_15, version: '15' } };
  const started = await Promise.all([
    startAsProduct(join(folder, 'embedded')),
    startAsServer('Debian 15', debian, join(folder, 'debian-15')),
    startAsServer('server 18', launch, join(folder, 'server-18')),
  ]);
  project.provide(
    'servers',
    started.map(({ server }) => server),
  );
  return async () => {
    await Promise.all(started.map((each) => each.stop()));
    await rm(folder, { recursive: true, force: true });
  };
}

async function launchIn(folder: string): Promise<Launch> {
  const owner = await chooseOwner(folder);
  return chooseLaunch(await packagedBinaries(), owner, folder, folder);
}

async function startAsProduct(dataDir: string): Promise<Started> {
  const embedded = await startEmbedded({ dataDir, log: () => undefined, onTakenOver: () => undefined });
  const superuser = embedded.connection.replace('//stipend:', '//postgres:');
  const session = new pg.Client({ connectionString: superuser });
  await session.connect();
  await session.query('ALTER ROLE stipend CREATEDB');
  await session.end();
  return { server: { name: 'embedded 18', connection: embedded.connection, superuser }, stop: embedded.stop };
}

async function startAsServer(name: TestServer['name'], launch: Launch, folder: string): Promise<Started> {
  await mkdir(folder, { mode: 0o700 });
  const passwordFile = `${folder}.password`;
  await writeFile(passwordFile, PASSWORD, { mode: 0o600 });
  for (const each of [folder, passwordFile]) await chown(each, launch.owner.uid, launch.owner.gid);
  const access = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const initdb = spawnAsOwner(launch, 'initdb', ['-D', folder, '--locale=C', '--encoding=UTF8', '-N', ...access], {
    cwd: '/',
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(initdb, 'exit');
  if (code !== 0) throw new Error(`initdb of ${name} ended with ${code}`);
  const port = await freePort();
  // These hold nothing that outlives the run, so they need not wait for the disk.
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
  const child = spawnAsOwner(launch, 'postgres', ['-D', folder, ...settings.flatMap((each) => ['-c', each])], {
    cwd: '/',
    detached: true,
    stdio: 'ignore',
  });
  const connection = `postgresql://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`;
  await untilUp(connection);
  return {
    server: { name, connection, superuser: connection },
    stop: async () => {
      child.kill('SIGINT');
      await once(child, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP socket has a port');
  return address.port;
}

async function untilUp(connection: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const session = new pg.Client({ connectionString: connection });
    session.on('error', () => undefined);
    try {
      await session.connect();
      await session.end();
      return;
    } catch {
      await pause(50);
    }
  }
  throw new Error('the test server did not come up in half a minute');
}
