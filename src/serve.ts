/** The composition root: the only file that knows everybody. Opens every part, listens, and takes it all down again. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { buildApi } from './api/api.ts';
import { landingPage } from './api/landing-page.ts';
import { createStatus } from './api/status.ts';
import { RunningCalls } from './app/calls/running-calls.ts';
import { finishPromises } from './app/grants/finish-promises.ts';
import { sweepHolds } from './app/holds/sweep.ts';
import { RunOnce } from './app/operations/run-once.ts';
import type { Clock, Ledger, Log, ProviderName } from './app/ports.ts';
import { bookInForce } from './app/providers/book-in-force.ts';
import { pointUpstreams } from './app/providers/point-upstreams.ts';
import { PROVIDERS } from './app/providers/provider-settings.ts';
import { DEFAULT_SERVER } from './cli/session.ts';
import type { Config } from './config.ts';
import { PUBLISHED_SHEETS } from './core/pricing/published.ts';
import { instant } from './core/time/instant.ts';
import { createGateway, type GatewayPorts } from './gateway/gateway.ts';
import { createInbound } from './gateway/inbound.ts';
import { adminKeyWords, type Destinations, readyWords, stoppingWords } from './greeting.ts';
import { startJobs } from './jobs/schedule.ts';
import { openLog } from './log.ts';
import { ProviderUpstreams } from './providers/upstreams.ts';
import { startSandbox } from './sandbox/server.ts';
import { type Database, openDatabase } from './store/database.ts';
import { startEmbedded } from './store/embedded/embedded.ts';
import { IDS } from './store/ids.ts';
import { ensureInstallation, type Installation } from './store/installation.ts';
import { openKeys } from './store/keys.ts';
import { openLedger } from './store/ledger/ledger.ts';
import { type Listener, openListener } from './store/listener.ts';
import { migrate } from './store/migrate.ts';
import { openPrices } from './store/prices.ts';
import { openStores } from './store/stores.ts';
import { anthropicMessages } from './wire/anthropic-messages/anthropic-messages.ts';
import { gemini } from './wire/gemini/gemini.ts';
import { openaiChat } from './wire/openai-chat/openai-chat.ts';
import { openaiEmbeddings } from './wire/openai-embeddings/openai-embeddings.ts';
import { openaiResponses } from './wire/openai-responses/openai-responses.ts';

const WIRES: GatewayPorts['wires'] = {
  'anthropic-messages': anthropicMessages,
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'openai-embeddings': openaiEmbeddings,
  gemini,
};
/** Running calls write down what they have used, and holds past their lease are swept, this often. */
const BEAT_MS = 1_000;
const PROMISES_MS = 30_000;
/** How long calls in flight may take to end once the process is told to stop. */
const DRAIN_MS = 30_000;
const HANG_UP_MS = 50;

const clock: Clock = { now: () => instant(Date.now()) };

/** What this process holds while it serves; everything on `stack` is closed in the order opposite to its opening. */
interface Opened {
  readonly config: Config;
  readonly log: Log;
  readonly stack: AsyncDisposableStack;
  readonly database: Database;
  readonly installation: Installation;
  readonly listener: Listener;
}

async function connectionOf(config: Config, stack: AsyncDisposableStack, fail: (cause: unknown) => void) {
  if (config.databaseUrl !== undefined) return config.databaseUrl;
  const embedded = await startEmbedded({
    dataDir: config.dataDir,
    log: (line) => process.stderr.write(`stipend: ${line}\n`),
    onTakenOver: fail,
  });
  stack.defer(() => embedded.stop());
  return embedded.connection;
}

async function openStore(config: Config, stack: AsyncDisposableStack, fail: (cause: unknown) => void): Promise<Opened> {
  const log = openLog();
  const connection = await connectionOf(config, stack, fail);
  await migrate(connection);
  const database = openDatabase({
    connection,
    onConnectionLost: (error) => log.warn('an idle database connection was lost', { error }),
  });
  stack.defer(() => database.close());
  const { pepper, adminKey } = config;
  const installation = await ensureInstallation(database.pool, {
    ...(pepper === undefined ? {} : { pepper }),
    ...(adminKey === undefined ? {} : { adminKey }),
  });
  const listener = openListener(connection);
  stack.defer(() => listener.close());
  return { config, log, stack, database, installation, listener };
}

async function openUpstreams({ config, stack, installation }: Opened): Promise<ProviderUpstreams> {
  const sandbox = await startSandbox();
  stack.defer(() => sandbox.stop());
  const upstreams = new ProviderUpstreams({
    providers: { anthropic: null, openai: null, gemini: null },
    sandboxOrigin: sandbox.origin,
    allowPrivate: config.allowPrivateProviders,
    instance: installation.id,
  });
  stack.defer(() => upstreams.close());
  return upstreams;
}

interface Built {
  readonly server: Server;
  readonly running: RunningCalls;
  /** Where each provider's calls go now. */
  readonly destinations: () => Promise<Destinations>;
}

/** Builds the whole product over its store. The server that is returned does not listen yet. */
async function build(opened: Opened): Promise<Built> {
  const { config, log, stack, database, installation, listener } = opened;
  const { pool } = database;
  const stores = openStores(database, installation);
  const ledger = openLedger(pool);
  stack.defer(() => ledger.close());
  const keys = openKeys(pool, listener, installation.pepper, clock);
  stack.defer(() => keys.close());
  const prices = openPrices(PUBLISHED_SHEETS, stores.priceOverrides, listener);
  const upstreams = await openUpstreams(opened);
  const configured = { providers: config.providers, allowPrivate: config.allowPrivateProviders };
  const providerPorts = { credentials: stores.credentials, configured };
  await pointUpstreams(providerPorts, upstreams);
  const repoint = () => {
    pointUpstreams(providerPorts, upstreams).catch((error: unknown) => {
      log.error('the providers’ credentials could not be read; calls go where they went before', { error });
    });
  };
  listener.on('stipend_credentials', repoint, repoint);

  const running = new RunningCalls(ledger, clock);
  const status = createStatus({
    ready: async () => (await pool.query('SELECT 1')).rowCount === 1,
    openCalls: () => running.size,
  });
  const api = await buildApi({
    ...stores,
    ledger,
    ids: IDS,
    log,
    clock,
    prices,
    configured,
    keys,
    usageRecords: ledger,
    publishedSheets: PUBLISHED_SHEETS,
    zone: config.zone,
    whereToAsk: config.whereToAsk,
    once: new RunOnce(stores.operations, pause),
    cursorHash: (text) => installation.pepper.hash('cursors', text),
    bookInForce: () => bookInForce(upstreams),
  });
  stack.defer(() => api.close());
  const gateway = createGateway({
    ledger,
    prices,
    upstreams,
    clock,
    keys,
    ids: IDS,
    running,
    wires: WIRES,
    log,
    measures: status.measures,
    instance: installation.id,
    whereToAsk: config.whereToAsk,
  });
  stack.defer(startWork({ ledger, running, log, stores, whereToAsk: config.whereToAsk }));
  const server = createInbound({
    gateway,
    ids: IDS,
    others: { '/': landingPage, '/api': api.handle, ...status.handlers },
  });
  const destination = async (name: ProviderName) => [name, (await upstreams.route(name)).name] as const;
  const destinations = async () => Object.fromEntries(await Promise.all(PROVIDERS.map(destination)));
  return { server, running, destinations };
}

interface Work {
  readonly ledger: Ledger;
  readonly running: RunningCalls;
  readonly stores: ReturnType<typeof openStores>;
  readonly log: Log;
  readonly whereToAsk: string;
}

function startWork({ ledger, running, stores, log, whereToAsk }: Work): () => Promise<void> {
  const jobs = [
    { name: 'write down what running calls have used', everyMs: BEAT_MS, run: () => running.tick() },
    { name: 'sweep holds past their lease', everyMs: BEAT_MS, run: async () => void (await sweepHolds(ledger)) },
    {
      name: 'post what was promised and not posted',
      everyMs: PROMISES_MS,
      run: async () => void (await finishPromises({ ...stores, ledger, ids: IDS, whereToAsk })),
    },
  ];
  return startJobs(jobs, log);
}

async function listen(server: Server, { host, port }: Config): Promise<string> {
  server.listen(port, host);
  await once(server, 'listening');
  const { port: actual } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${actual}`;
}

/** Stops taking calls, and waits for those in flight within a bound. */
async function drain(server: Server, running: RunningCalls, log: Log): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose last answer has gone out is kept for the next request, which will not be taken.
  const hangUp = setInterval(() => server.closeIdleConnections(), HANG_UP_MS);
  const left = await Promise.race([
    Promise.all([running.idle(), closed]).then(() => 0),
    pause(DRAIN_MS, undefined, { ref: false }).then(() => running.size),
  ]);
  if (left > 0)
    log.warn('calls were still running when the drain ended; their holds resolve with their lease', { left });
  clearInterval(hangUp);
  server.closeAllConnections();
}

/** Runs Stipend until a signal ends it. Rejects with what the operator must mend, or with a defect. */
export async function serve(config: Config): Promise<void> {
  const told = Promise.withResolvers<void>();
  // A group's signal arrives twice; the second changes nothing, the drain has its own bound.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => told.resolve());
  await using stack = new AsyncDisposableStack();
  const opened = await openStore(config, stack, told.reject);
  const { madeAdminKey } = opened.installation;
  if (madeAdminKey !== undefined) process.stdout.write(adminKeyWords(madeAdminKey));
  const { server, running, destinations } = await build(opened);
  const address = await listen(server, config);
  const greeting = { address, defaultAddress: DEFAULT_SERVER, madeAdminKey: madeAdminKey !== undefined };
  process.stdout.write(readyWords({ ...greeting, destinations: await destinations() }));
  await told.promise.finally(() => {
    process.stderr.write(stoppingWords(running.size, DRAIN_MS / 1_000));
    return drain(server, running, opened.log);
  });
}
