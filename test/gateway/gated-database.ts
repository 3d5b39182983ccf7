/** The embedded database behind a gate that a test can shut, so that the store is away while everything else runs. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../../src/store/embedded/embedded.ts';

export interface GatedDatabase {
  /** A libpq URL that leads through the gate. */
  readonly connection: string;
  /** Tears every connection, and those that are tried until it is opened. */
  shut(): void;
  /** The next transaction is committed, and the gate shut before anybody is told. Resolves then. */
  shutBehindCommit(): Promise<void>;
  open(): void;
  stop(): Promise<void>;
}

export async function startGatedDatabase(): Promise<GatedDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'stipend-gated-'));
  const embedded = await startEmbedded({ dataDir, log: () => undefined, onTakenOver: () => undefined });
  const inside = new URL(embedded.connection.replace('@/', '@localhost/'));
  const socketPath = join(inside.searchParams.get('host') ?? '', '.s.PGSQL.5432');
  const pairs = new Set<readonly [Socket, Socket]>();
  let isOpen = true;
  /** Called when a commit that is watched for has been answered. */
  let committed: (() => void) | undefined;

  const server = createServer((client) => {
    client.on('error', () => undefined);
    if (!isOpen) {
      client.resetAndDestroy();
      return;
    }
    const database = connect(socketPath);
    database.on('error', () => undefined);
    const pair = [client, database] as const;
    pairs.add(pair);
    client.on('data', (chunk) => database.write(chunk));
    database.on('data', (chunk) => {
      // What the server calls a transaction that it has committed.
      if (committed && chunk.includes('COMMIT')) committed();
      else client.write(chunk);
    });
    const end = () => {
      pairs.delete(pair);
      for (const side of pair) side.destroy();
    };
    client.on('close', end);
    database.on('close', end);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const tearAll = () => {
    for (const [client] of pairs) client.resetAndDestroy();
  };
  const shut = () => {
    isOpen = false;
    tearAll();
  };
  return {
    connection: `postgresql://${inside.username}:${inside.password}@127.0.0.1:${port}${inside.pathname}`,
    shut,
    shutBehindCommit: () =>
      new Promise((resolve) => {
        committed = () => {
          committed = undefined;
          shut();
          resolve();
        };
      }),
    open() {
      isOpen = true;
    },
    async stop() {
      tearAll();
      server.close();
      await embedded.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
