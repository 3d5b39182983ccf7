/** A line to a server that takes a COMMIT to it and then, now and then, breaks before the answer is back. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface LossyProxy {
  /** The server's URL through this line. */
  readonly connection: string;
  /** Answers to a COMMIT that never arrived. */
  lost(): number;
  close(): Promise<void>;
}

/** Every `every`th COMMIT through it goes unanswered. `connection` is a TCP URL. */
export async function lossyProxy(connection: string, every: number): Promise<LossyProxy> {
  const target = new URL(connection);
  const sockets = new Set<Socket>();
  let [commits, lost] = [0, 0];
  const proxy: Server = createServer((client) => {
    const server = connect(Number(target.port), target.hostname);
    for (const socket of [client, server]) {
      sockets.add(socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket)));
    }
    server.pipe(client);
    server.on('close', () => client.destroy());
    client.on('close', () => server.end());
    client.on('data', (chunk) => {
      commits += Number(chunk.includes('COMMIT'));
      if (!chunk.includes('COMMIT') || commits % every !== 0) {
        server.write(chunk);
        return;
      }
      // The server gets all of it and an orderly end after it; the client hears nothing any more.
      lost += 1;
      server.unpipe(client);
      server.end(chunk);
      client.destroy();
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP socket has a port');
  const through = new URL(connection);
  through.host = `127.0.0.1:${address.port}`;
  return {
    connection: through.href,
    lost: () => lost,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
