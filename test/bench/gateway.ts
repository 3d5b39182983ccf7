/**
 * Requests per second through Stipend, every one held and settled durably, beside the stub alone and nginx as a plain
 * proxy to it, all in one run on one machine: `npm run bench`. Only the ratios mean anything elsewhere.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { balanceOf, givePerson, startStipend } from '../stage/stipend.ts';

const CONNECTIONS = 32;
const SECONDS = 10;

const body = (bytes: number) =>
  JSON.stringify({
    model: 'claude-sonnet-4-5',
    max_tokens: 200,
    messages: [{ role: 'user', content: 'a b c d '.repeat(Math.ceil(bytes / 8)).slice(0, bytes) }],
  });

function startStub(): Promise<{ readonly origin: string; readonly process: ChildProcess }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./stub.ts', import.meta.url))]);
  return new Promise((resolve) => {
    child.stdout.once('data', (line: Buffer) => resolve({ origin: line.toString().trim(), process: child }));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function startNginx(
  upstream: string,
  folder: string,
): Promise<{ readonly origin: string; readonly process: ChildProcess }> {
  if (spawnSync('nginx', ['-v']).error)
    throw new Error('nginx is needed beside Stipend: install it (Debian: nginx-light)');
  const port = await freePort();
  const config = join(folder, 'nginx.conf');
  await writeFile(
    config,
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr;
     events { worker_connections 1024; }
     http { access_log off; client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder};
       uwsgi_temp_path ${folder}; scgi_temp_path ${folder}; client_max_body_size 32m;
       upstream stub { server ${upstream.replace('http://', '')}; keepalive 64; }
       server { listen 127.0.0.1:${port}; location / { proxy_pass http://stub; proxy_http_version 1.1; proxy_set_header Connection ""; } } }`,
  );
  const child = spawn('nginx', ['-c', config, '-p', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  const origin = `http://127.0.0.1:${port}`;
  for (;;) {
    const up = await fetch(origin, { method: 'POST' }).then(
      () => true,
      () => false,
    );
    if (up) return { origin, process: child };
  }
}

interface Measured {
  readonly name: string;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failed: number;
}

async function measure(name: string, url: string, bytes: number, key = 'none'): Promise<Measured> {
  const result = await autocannon({
    url: `${url}/v1/messages`,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: body(bytes),
    connections: CONNECTIONS,
    duration: SECONDS,
    workers: 1,
  });
  return {
    name,
    perSecond: result.requests.average,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failed: result.non2xx + result.errors,
  };
}

function print(title: string, rows: readonly Measured[]): void {
  const [first] = rows;
  console.log(`\n${title}`);
  console.log('| | requests/s | share of the stub | p50 ms | p99 ms | failed |\n|---|---|---|---|---|---|');
  for (const row of rows) {
    const share = first ? `${Math.round((row.perSecond / first.perSecond) * 100)} %` : '';
    console.log(
      `| ${row.name} | ${Math.round(row.perSecond)} | ${share} | ${row.p50Ms} | ${row.p99Ms} | ${row.failed} |`,
    );
  }
}

const folder = await mkdtemp(join(tmpdir(), 'stipend-bench-'));
const stub = await startStub();
const nginx = await startNginx(stub.origin, folder);
const stipend = await startStipend({
  STIPEND_ANTHROPIC_BASE_URL: stub.origin,
  STIPEND_ANTHROPIC_API_KEY: 'sk-bench',
  STIPEND_ALLOW_PRIVATE_PROVIDERS: '1',
});
try {
  const { personId, key } = await givePerson(stipend, '1000000.00');
  for (const [title, bytes] of [
    ['1 KB bodies', 1_000],
    ['500 KB bodies', 500_000],
  ] as const) {
    print(`${title}, ${CONNECTIONS} connections, ${SECONDS} s each`, [
      await measure('stub alone', stub.origin, bytes),
      await measure('nginx', nginx.origin, bytes),
      await measure('Stipend', stipend.url, bytes, key),
    ]);
  }
  const { held, spent } = await balanceOf(stipend, personId);
  console.log(`\nspent $${spent}, still held $${held}`);
  console.log(`ledger verify: ${JSON.stringify((await stipend.api('GET', '/ledger/verify')).body)}`);
} finally {
  await stipend.dispose();
  nginx.process.kill();
  stub.process.kill();
  await rm(folder, { recursive: true, force: true });
}
