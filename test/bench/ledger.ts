/**
 * Hold + settle pairs per second through the ledger, durably and with all its invariants, beside `pgbench -N` on the same
 * server in the same run: `node test/bench/ledger.ts [seconds]`. Only the ratios mean anything elsewhere. The load
 * generator, the ledger and the server share the machine.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LedgerOperation } from '../../src/core/ledger/operations.ts';
import { nano } from '../../src/core/money/amount.ts';
import { NO_USAGE } from '../../src/core/pricing/usage.ts';
import { instant } from '../../src/core/time/instant.ts';
import { openDatabase } from '../../src/store/database.ts';
import { startEmbedded } from '../../src/store/embedded/embedded.ts';
import { IDS } from '../../src/store/ids.ts';
import { type OpenLedger, openLedger } from '../../src/store/ledger/ledger.ts';
import { migrate } from '../../src/store/migrate.ts';

const SECONDS = Number(process.argv[2] ?? 8);
const ACCOUNTS = 10_000;
const IN_FLIGHT = 1_024;
const PGBENCH = process.env['PGBENCH'] ?? '/usr/lib/postgresql/15/bin/pgbench';
const PLENTY = nano(10n ** 18n);

interface Shape {
  readonly name: string;
  readonly accounts: (all: readonly string[]) => readonly string[];
}

const anyOf = (all: readonly string[]): string => all[Math.floor(Math.random() * all.length)] ?? '';

const shapes: readonly Shape[] = [
  { name: '10,000 accounts', accounts: (all) => [anyOf(all)] },
  { name: 'one hot account', accounts: (all) => all.slice(0, 1) },
  { name: 'four accounts each, slices from all', accounts: (all) => [anyOf(all), anyOf(all), anyOf(all), anyOf(all)] },
];

function holdOf(accounts: readonly string[], index: number): Extract<LedgerOperation, { kind: 'hold' }> {
  return {
    kind: 'hold',
    id: IDS.fresh(),
    accounts,
    // More than one tranche has, where there are several accounts: a slice of each.
    amount: accounts.length > 1 ? nano(3_500_000n) : nano(1_000_000n),
    least: nano(1_000n),
    known: nano(100n),
    leaseMs: 60_000,
    sticky: false,
    call: {
      requestId: `request ${index}`,
      keyId: '01234567-89ab-7def-8123-456789abcdef',
      principalId: '01234567-89ab-7def-8123-456789abcdef',
      provider: 'anthropic',
      wire: 'anthropic-messages',
      model: 'claude-sonnet-4-5',
      priceSheet: '2026-11-16',
    },
  };
}

/** Pairs per second with a fixed number of them in flight, and how long a pair took. */
async function measure(
  ledger: OpenLedger,
  accounts: () => readonly string[],
): Promise<[perSecond: number, p50Ms: number]> {
  const until = performance.now() + SECONDS * 1_000;
  const took: number[] = [];
  const client = async (index: number): Promise<void> => {
    while (performance.now() < until) {
      const start = performance.now();
      const hold = holdOf(accounts(), index);
      const held = await ledger.commit(hold);
      if (!held.ok) throw new Error(`refused: ${held.refusal.why}`);
      const amount = nano((held.amount * 3n) / 5n);
      const charge = { outcome: 'completed', usage: { ...NO_USAGE, input: 250, output: 150 }, toolUses: {} } as const;
      await ledger.commit({ kind: 'settle', id: hold.id, amount, charge });
      took.push(performance.now() - start);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, (_, index) => client(index)));
  const seconds = (performance.now() - start) / 1_000;
  took.sort((a, b) => a - b);
  return [took.length / seconds, took[took.length >> 1] ?? 0];
}

async function openFunded(ledger: OpenLedger, count: number, amount: bigint, expires: boolean): Promise<string[]> {
  const opened: string[] = [];
  while (opened.length < count) {
    const some = Array.from({ length: Math.min(200, count - opened.length) }, () => openOne(ledger, amount, expires));
    opened.push(...(await Promise.all(some)));
  }
  return opened;
}

async function openOne(ledger: OpenLedger, amount: bigint, expires: boolean): Promise<string> {
  const { live } = await ledger.openAccounts({ kind: 'person', id: IDS.fresh() }, 'absorb');
  const ends = expires ? { expiresAt: instant(Date.UTC(2100, 0, 1)) } : {};
  const tranche = { id: IDS.fresh(), amount: nano(amount), priority: 1, effectiveAt: instant(0), ...ends };
  await ledger.commit({ kind: 'fund', id: IDS.fresh(), account: live, tranche });
  return live;
}

/** Transactions per second of `pgbench -N`: an update, a select and an insert each, 32 clients, prepared. */
function pgbench(connection: string): number {
  const run = (...args: string[]): string => {
    const { stdout, stderr, status, error } = spawnSync(PGBENCH, [...args, connection], { encoding: 'utf8' });
    if (error || status !== 0)
      throw new Error(`pgbench (${PGBENCH}; Debian: postgresql-15): ${error?.message ?? stderr}`);
    return stdout;
  };
  run('-i', '-s', '10', '-q');
  const match = /tps = ([\d.]+)/.exec(run('-N', '-M', 'prepared', '-c', '32', '-j', '2', '-T', `${SECONDS}`));
  return Number(match?.[1]);
}

const folder = await mkdtemp(join(tmpdir(), 'stipend-bench-'));
const embedded = await startEmbedded({ dataDir: folder, log: () => undefined, onTakenOver: () => undefined });
const connection = process.env['BENCH_DATABASE_URL'] ?? embedded.connection;
await migrate(connection);
const database = openDatabase({ connection });
const ledger = openLedger(database.pool);
try {
  const beside = pgbench(connection);
  console.log('| | pairs/s | × `pgbench -N` | p50 ms |\n|---|---|---|---|');
  console.log(`| pgbench -N -M prepared -c 32 -j 2, scale 10 | ${Math.round(beside)} | 1.0 | |`);
  for (const expires of [false, true]) {
    const everybody = await openFunded(ledger, ACCOUNTS, expires ? 10n ** 15n : PLENTY, expires);
    await database.pool.query('VACUUM ANALYZE');
    for (const { name, accounts } of shapes) {
      const [perSecond, p50Ms] = await measure(ledger, () => accounts(everybody));
      const times = (perSecond / beside).toFixed(1);
      console.log(
        `| ${name}${expires ? ', expiring' : ''} | ${Math.round(perSecond)} | ${times} | ${Math.round(p50Ms)} |`,
      );
    }
  }
  const alone: number[] = [];
  const [account = ''] = await openFunded(ledger, 1, 10n ** 15n, true);
  for (let index = 0; index < 500; index += 1) {
    const start = performance.now();
    await ledger.commit(holdOf([account], index));
    alone.push(performance.now() - start);
  }
  alone.sort((a, b) => a - b);
  console.log(`\na lone hold: p50 ${alone[250]?.toFixed(1)} ms, p99 ${alone[495]?.toFixed(1)} ms`);
  const { ok, entries, findings } = await ledger.verify();
  console.log(`ledger verify: ${ok ? 'ok' : findings.join(' ')}, ${entries} entries`);
} finally {
  await ledger.close();
  await database.close();
  await embedded.stop();
  await rm(folder, { recursive: true, force: true });
}
