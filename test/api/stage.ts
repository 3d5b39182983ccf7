/** The API over a real database and real HTTP, with everything of the product but the gateway. */
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Api, buildApi } from '../../src/api/api.ts';
import { RunOnce } from '../../src/app/operations/run-once.ts';
import type { ConfiguredProviders } from '../../src/app/ports/credentials.ts';
import type { Ledger } from '../../src/app/ports.ts';
import type { Book } from '../../src/core/ledger/operations.ts';
import { PUBLISHED_SHEETS } from '../../src/core/pricing/published.ts';
import { instant } from '../../src/core/time/instant.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { IDS } from '../../src/store/ids.ts';
import { ensureInstallation } from '../../src/store/installation.ts';
import { openKeys } from '../../src/store/keys.ts';
import { openLedger } from '../../src/store/ledger/ledger.ts';
import { openListener } from '../../src/store/listener.ts';
import { openPrices } from '../../src/store/prices.ts';
import { openStores, type Stores } from '../../src/store/stores.ts';
import { type FreshDatabase, freshDatabase } from '../store/fresh-database.ts';

const ADMIN_KEY = 'admin-key-of-the-api-stage-0123456789';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The parsed text; `undefined` when there is none. */
  readonly body: Json;
}

/** A parsed JSON document, walked by name; what is missing is `undefined`. */
export type Json = { readonly [name: string]: Json } & { readonly length?: number } & (
    | string
    | number
    | boolean
    | unknown
  );

export interface Question {
  readonly body?: unknown;
  /** Sent as it is, in place of a body. */
  readonly bytes?: string | Uint8Array;
  /** `null`: none. */
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Stage {
  readonly api: Api;
  readonly database: Database;
  readonly stores: Stores;
  readonly ledger: Ledger;
  readonly origin: string;
  /** Errors that were logged: there must be none but where a test makes them. */
  readonly logged: unknown[];
  /** Balances are of this book until a test says otherwise. */
  inForce: Book;
  ask(method: string, path: string, question?: Question): Promise<Answer>;
  /** As `ask`, for what must be made; throws when it is not. */
  make(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Json>;
  stop(): Promise<void>;
}

const configured: ConfiguredProviders = {
  providers: {
    anthropic: { baseUrl: 'https://api.anthropic.com' },
    openai: { baseUrl: 'https://api.openai.com/v1', apiKey: 'sk-of-the-configuration' },
    gemini: { baseUrl: 'https://generativelanguage.googleapis.com' },
  },
  allowPrivate: false,
};

/** Starts it on a database of its own, or as another process on `shared`. */
export async function startStage(shared?: FreshDatabase): Promise<Stage> {
  const fresh = shared ?? (await freshDatabase());
  const database = openDatabase({ connection: fresh.connection });
  const installation = await ensureInstallation(database.pool, { adminKey: ADMIN_KEY });
  const { pepper } = installation;
  const clock = { now: () => instant(Date.now()) };
  const listener = openListener(fresh.connection);
  const ledger = openLedger(database.pool);
  const stores = openStores(database, installation);
  const keys = openKeys(database.pool, listener, pepper, clock);
  const logged: unknown[] = [];
  const log = { info: () => undefined, warn: () => undefined, error: (...said: unknown[]) => void logged.push(said) };
  const api = await buildApi({
    ...stores,
    ledger,
    usageRecords: ledger,
    keys,
    prices: openPrices(PUBLISHED_SHEETS, stores.priceOverrides, listener),
    publishedSheets: PUBLISHED_SHEETS,
    once: new RunOnce(stores.operations, (ms) => new Promise((resolve) => setTimeout(resolve, ms))),
    ids: IDS,
    clock,
    zone: 'UTC',
    whereToAsk: 'the people team',
    bookInForce: async () => stage.inForce,
    configured,
    cursorHash: (text) => pepper.hash('cursors', text),
    log,
  });
  const server = createServer((request, response) => api.handle(request, response));
  server.on('checkContinue', (request, response) => api.handle(request, response, true));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const stage: Stage = {
    api,
    database,
    stores,
    ledger,
    origin,
    logged,
    inForce: 'live',
    ask: (method, path, question) => ask(`${origin}/api/v1${path}`, method, question),
    make: async (path, body, headers = {}) => {
      const answer = await stage.ask('POST', path, { body, headers });
      if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
      return answer.body;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await api.close();
      await keys.close();
      await ledger.close();
      await listener.close();
      await database.close();
      if (!shared) await fresh.drop();
    },
  };
  return stage;
}

function ask(url: string, method: string, question: Question = {}): Promise<Answer> {
  const {
    body,
    bytes = body === undefined ? undefined : JSON.stringify(body),
    key = ADMIN_KEY,
    headers = {},
  } = question;
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      url,
      {
        method,
        headers: {
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          ...(bytes === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(bytes)) }),
          ...headers,
        },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const parsed = text === '' ? undefined : JSON.parse(text);
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, body: parsed });
        });
        answer.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(bytes);
  });
}

/** Money as the API writes it. */
export function usd(amount: string): { readonly amount: string; readonly currency: 'USD' } {
  return { amount, currency: 'USD' };
}

let people = 0;

/** Somebody to add, nobody twice. */
export function somebody(more: object = {}): object {
  people += 1;
  return { email: `person-${people}@example.com`, name: `Person ${people}`, startDate: '2026-01-01', ...more };
}
