/** Runs the real product as its operator would, in a process of its own, and talks to it from outside. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const ADMIN_KEY = 'admin-key-of-the-test-stage-0123456789';

export interface Running {
  readonly url: string;
  readonly adminKey: string;
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** What it printed so far. */
  readonly output: () => string;
  /** Asks the API, as the operator unless another key is given. Resolves with status and parsed body. */
  readonly api: (method: string, path: string, body?: unknown, options?: ApiOptions) => Promise<ApiAnswer>;
  /** Sends the signal and resolves with the exit code, or the signal that ended it. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | NodeJS.Signals | null>;
  /** Stops it and removes its data. */
  readonly dispose: () => Promise<void>;
}

export interface ApiOptions {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiAnswer {
  readonly status: number;
  // The tests read answers as an outsider does: by their documented names.
  readonly body: Json;
}

/** A parsed JSON document, walked by name; what is missing is `undefined`. */
export type Json = { readonly [name: string]: Json } & { readonly length?: number } & (
    | string
    | number
    | boolean
    | unknown
  );

/** Starts Stipend on a free port. `env` adds to a clean environment; `dataDir` reuses an earlier one's. */
export async function startStipend(env: Readonly<Record<string, string>> = {}, dataDir?: string): Promise<Running> {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'stipend-test-')));
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('STIPEND_')));
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: { ...inherited, STIPEND_PORT: '0', STIPEND_DATA_DIR: folder, STIPEND_ADMIN_KEY: ADMIN_KEY, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const exit = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? signal));
  });
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const address = /http:\/\/[\d.]+:\d+/.exec(output);
      if (address && output.includes('ready')) resolve(address[0]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', (code) => reject(new Error(`Stipend ended with ${code} before it was ready:\n${output}`)));
  });
  const adminKey = env.STIPEND_ADMIN_KEY ?? ADMIN_KEY;
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return exit;
  };
  return {
    url,
    adminKey,
    dataDir: folder,
    process: child,
    output: () => output,
    api: (method, path, body, options = {}) =>
      askApi(`${url}/api/v1${path}`, method, body, options.key ?? adminKey, options.headers),
    stop,
    dispose: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function askApi(
  url: string,
  method: string,
  body: unknown,
  key: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<ApiAnswer> {
  const answer = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : JSON.parse(text) };
}

/** A person with a granted budget and a key, made through the API. */
export async function givePerson(
  stipend: Running,
  dollars: string,
  email = `ada-${crypto.randomUUID()}@example.com`,
): Promise<{ readonly personId: string; readonly keyId: string; readonly key: string }> {
  const person = await created(stipend.api('POST', '/people', { email, name: 'Ada', startDate: '2024-01-01' }));
  const personId = String(person.id);
  await created(
    stipend.api('POST', '/grants', {
      personId,
      amount: { amount: dollars, currency: 'USD' },
      effectiveOn: '2024-01-01',
    }),
  );
  const key = await created(stipend.api('POST', '/keys', { personId, name: 'laptop' }));
  return { personId, keyId: String(key.id), key: String(key.key) };
}

async function created(asked: Promise<ApiAnswer>): Promise<Json> {
  const { status, body } = await asked;
  if (status !== 201) throw new Error(`expected 201, got ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** A person's balance as decimal dollars by name. */
export async function balanceOf(stipend: Running, personId: string): Promise<Readonly<Record<string, string>>> {
  const { status, body } = await stipend.api('GET', `/people/${personId}/balance`);
  if (status !== 200) throw new Error(`no balance: ${status} ${JSON.stringify(body)}`);
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      typeof value === 'object' ? String(value.amount) : String(value),
    ]),
  );
}

/** A person's usage records, the newest first. */
export async function usageOf(stipend: Running, personId: string): Promise<readonly Json[]> {
  const { body } = await stipend.api('GET', `/usage?personId=${personId}&limit=100`);
  const { items } = body;
  if (!Array.isArray(items)) throw new Error(`no usage records: ${JSON.stringify(body)}`);
  return items;
}
