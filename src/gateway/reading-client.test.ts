import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { ReadingClient } from './reading-client.ts';

const cleanups: (() => void)[] = [];

afterEach(() => {
  vi.useRealTimers();
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** More than the system takes for a reader who does not read. */
const MUCH = new Uint8Array(64 * 1024 * 1024);
const TOO_LONG_MS = 60_000;

/** A client that has asked and reads nothing, and what its answer's side was told. */
async function stage() {
  const told: string[] = [];
  const left = Promise.withResolvers<void>();
  const caughtUp = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<ServerResponse>();
  const server = createServer((_request, response) => asked.resolve(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket: Socket = connect(port, '127.0.0.1').pause();
  cleanups.push(() => {
    socket.destroy();
    server.close();
  });
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  const client = new ReadingClient(await asked.promise, {
    caughtUp: () => caughtUp.resolve(),
    left: () => {
      told.push('left');
      left.resolve();
    },
  });
  client.begin(200, {});
  return { client, socket, told, left: left.promise, caughtUp: caughtUp.promise };
}

it('a client that takes nothing for a minute has left', async () => {
  const { client, left } = await stage();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  expect(client.write(MUCH)).toBe(false);
  vi.advanceTimersByTime(TOO_LONG_MS - 1);
  expect(client.gone).toBe(false);
  vi.advanceTimersByTime(1);
  await left;
  expect(client.gone).toBe(true);
});

it('a client that takes it, however late, is given more', async () => {
  const { client, socket, told, caughtUp } = await stage();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  client.write(MUCH);
  vi.advanceTimersByTime(TOO_LONG_MS - 1);
  socket.resume();
  await caughtUp;
  vi.advanceTimersByTime(TOO_LONG_MS);
  expect(told).toEqual([]);
  expect(client.gone).toBe(false);
});

it('a client that leaves is told of once, and what is written for it is dropped', async () => {
  const { client, socket, told, left } = await stage();
  socket.destroy();
  await left;
  expect(client.write(MUCH)).toBe(true);
  client.tear();
  expect(told).toEqual(['left']);
});

it('a client that was given all has not left', async () => {
  const { client, socket, told } = await stage();
  client.write(new Uint8Array(10));
  client.end();
  socket.resume();
  await once(socket, 'data');
  socket.destroy();
  await once(socket, 'close');
  expect(told).toEqual([]);
});
