import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { startFailure } from './start-failure.ts';

/** The error of a server that cannot listen there. */
async function refusedAt(port: number, host: string): Promise<unknown> {
  const server = createServer();
  const failed = once(server, 'error');
  server.listen(port, host);
  const [error] = await failed;
  return error;
}

async function listening(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { server, port };
}

it('a port that is taken is told with what to do', async () => {
  const { server, port } = await listening();
  try {
    expect(startFailure(await refusedAt(port, '127.0.0.1'))).toEqual({
      exitCode: 69,
      words: expect.stringMatching(
        new RegExp(`^Another program listens on 127.0.0.1, port ${port}\\. .*STIPEND_PORT=\\d+ npm start$`),
      ),
    });
  } finally {
    server.close();
  }
});

it('an address of another machine is told with the setting that names it', async () => {
  // 192.0.2.0/24 is kept for documentation (RFC 5737): no machine has it.
  expect(startFailure(await refusedAt(0, '192.0.2.1'))).toEqual({
    exitCode: 69,
    words: '192.0.2.1 is not an address of this machine: look at STIPEND_HOST.',
  });
});

it('a port of the system’s and a host that is not known are told, too', () => {
  const forbidden = Object.assign(new Error('listen EACCES'), { code: 'EACCES', syscall: 'listen', port: 80 });
  expect(startFailure(forbidden).words).toMatch(/port 80.*STIPEND_PORT/);
  const unknown = Object.assign(new Error('ENOTFOUND'), { syscall: 'getaddrinfo', hostname: 'nowhere.example' });
  expect(startFailure(unknown).words).toMatch(/nowhere\.example.*STIPEND_HOST/);
});

it.each([
  ['ConfigError', 78],
  ['EmbeddedRefused', 78],
  ['InstallationMismatch', 78],
  ['UnfitDatabase', 78],
  ['DatabaseUnreachable', 69],
])('the message of %s is not spoilt by a stack', (name, exitCode) => {
  const error = Object.assign(new Error('Look at STIPEND_PORT.'), { name });
  expect(startFailure(error)).toEqual({ exitCode, words: 'Look at STIPEND_PORT.' });
});

it('a defect keeps its stack', () => {
  const { exitCode, words } = startFailure(new TypeError('undefined is not a ledger'));
  expect(exitCode).toBe(1);
  expect(words).toMatch(/undefined is not a ledger\n\s+at /);
  expect(startFailure('thrown text')).toEqual({ exitCode: 1, words: 'thrown text' });
});
