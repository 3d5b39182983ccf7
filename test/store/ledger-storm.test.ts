/**
 * Everything at once from several processes, on accounts that all want and accounts that few want, while connections are
 * cut in the middle of batches and answers to COMMIT are lost. What was acknowledged stays, once; nothing is overspent.
 */
import { describe, expect, it } from 'vitest';
import { sweepHolds } from '../../src/app/holds/sweep.ts';
import { Refused } from '../../src/core/errors.ts';
import type { LedgerOperation, LedgerOutcome } from '../../src/core/ledger/operations.ts';
import { openDatabase } from '../../src/store/database.ts';
import { IDS } from '../../src/store/ids.ts';
import { type OpenLedger, openLedger } from '../../src/store/ledger/ledger.ts';
import { auditJournal } from '../simulation/journal-auditor.ts';
import { allServers } from './fresh-database.ts';
import { amountOf, CALL, fundOf, holdOf, ledgerFor, settleOf, trancheOf } from './ledger-on.ts';
import { lossyProxy } from './lossy-proxy.ts';

/** `LEDGER_STORM=50` for a night: how many times as long. */
const LENGTH = Number(process.env['LEDGER_STORM'] ?? 1);
const CLIENTS = 24;
const ROUNDS = 6 * LENGTH;
/** Seconds between two cuts, and between two sweeps. */
const PAUSE = 0.1;
const LOST_EVERY = 11;

/** A random number generator that a failure can name: a linear congruential one, as in Numerical Recipes. */
function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

interface Acknowledged {
  readonly operation: LedgerOperation;
  readonly outcome: LedgerOutcome;
}

/** One client: holds, and ends most of them one way or another; grants, charges and reversals between. */
class Client {
  readonly heard: Acknowledged[] = [];
  readonly #ledgers: readonly OpenLedger[];
  readonly #accounts: readonly string[];
  readonly #below: (most: number) => number;

  constructor(ledgers: readonly OpenLedger[], accounts: readonly string[], seed: number) {
    this.#ledgers = ledgers;
    this.#accounts = accounts;
    this.#below = seeded(seed);
  }

  async run(): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) await this.#round();
  }

  async #round(): Promise<void> {
    const hold = holdOf(this.#payers(), 1 + this.#below(9), { least: 1, leaseMs: 20 + this.#below(400), known: 1 });
    const held = await this.#ask(hold);
    const does = this.#below(10);
    if (held?.ok && does < 6) await this.#settle(hold.id, Number(held.amount));
    else if (held?.ok && does < 8) await this.#ask({ kind: 'void', id: hold.id });
    if (does === 7) await this.#ask(fundOf(this.#payer(), 5));
    if (does === 8) await this.#chargeAndReverse();
    if (does === 9) await this.#give();
  }

  async #settle(id: string, held: number): Promise<void> {
    await this.#ask(settleOf(id, this.#below(held + 3)));
  }

  async #chargeAndReverse(): Promise<void> {
    const accounts = this.#payers();
    const amount = amountOf(1 + this.#below(5));
    const charge = { outcome: 'unenforced' } as const;
    const charged = await this.#ask({ kind: 'charge', id: IDS.fresh(), accounts, amount, call: CALL, charge });
    if (charged?.ok && charged.entry)
      await this.#ask({ kind: 'reverse', id: IDS.fresh(), entry: charged.entry, amount });
  }

  async #give(): Promise<void> {
    const [from, to] = [this.#payer(), this.#payer()];
    if (from !== to) await this.#ask({ kind: 'transfer', id: IDS.fresh(), from, to, tranche: trancheOf(2) });
  }

  /** Half of them want the first account. */
  #payer(): string {
    return this.#accounts[this.#below(2) * this.#below(this.#accounts.length)] ?? '';
  }

  #payers(): string[] {
    return this.#below(3) === 0 ? [this.#payer(), this.#payer()] : [this.#payer()];
  }

  /** Who is told that the database is away asks another process the very same; who is never answered knows nothing. */
  async #ask(operation: LedgerOperation): Promise<LedgerOutcome | undefined> {
    for (let tries = 0; tries < 20; tries += 1) {
      const ledger = this.#ledgers[this.#below(this.#ledgers.length)];
      try {
        const outcome = await ledger?.commit(operation);
        if (outcome) this.heard.push({ operation, outcome });
        return outcome;
      } catch (error) {
        if (!(error instanceof Refused) || error.refusal.code !== 'store_unavailable') throw error;
      }
    }
    return undefined;
  }
}

// A lossy line needs a TCP server; the embedded one is the same PostgreSQL on a socket.
const servers = allServers().filter(({ name }) => name !== 'embedded 18');

describe.each(servers)('a storm on $name', (server) => {
  const on = ledgerFor(server);

  it('loses nothing that was acknowledged, books nothing twice and overspends nothing', {
    timeout: 60_000 * LENGTH,
  }, async () => {
    const { connection } = on().fresh;
    const line = await lossyProxy(connection, LOST_EVERY);
    const patient = { restMs: 1, patienceMs: 60_000, batchMost: 16 };
    const processes = [
      { url: line.connection, options: patient },
      { url: connection, options: patient },
      { url: line.connection, options: { ...patient, patienceMs: 0 } },
    ].map(({ url, options }) => {
      const database = openDatabase({ connection: url });
      return { database, ledger: openLedger(database.pool, options) };
    });
    const ledgers = processes.map(({ ledger }) => ledger);
    const accounts = await Promise.all(Array.from({ length: 9 }, () => on().account(150, 150)));
    const seed = Number(process.env['LEDGER_SEED'] ?? Date.now() % 2 ** 31);
    const clients = Array.from({ length: CLIENTS }, (_, index) => new Client(ledgers, accounts, seed + index));

    let isOver = false;
    const cuts = cutUntil(() => isOver);
    const sweeps = sweepUntil(() => isOver);
    await Promise.all(clients.map((client) => client.run())).finally(() => {
      isOver = true;
    });
    await Promise.all([cuts, sweeps]);
    await untilNothingIsHeld();

    const heard = clients.flatMap((client) => client.heard);
    expect(line.lost(), `LEDGER_SEED=${seed}`).toBeGreaterThan(0);
    expect(await on().ledger.verify(), `LEDGER_SEED=${seed}`).toMatchObject({ ok: true, openHolds: 0, findings: [] });
    expect(await auditJournal(on().database.pool, on().ledger), `LEDGER_SEED=${seed}`).toEqual([]);
    // What was refused may be granted by now, but for a hold whose refusal stays.
    const lasting = heard.filter(({ operation, outcome }) => outcome.ok || operation.kind === 'hold');
    const again = await Promise.all(lasting.map(({ operation }) => on().commit(operation)));
    expect(again, `LEDGER_SEED=${seed}`).toEqual(
      lasting.map(({ outcome }) => (outcome.ok ? { ...outcome, repeated: true } : outcome)),
    );
    for (const { database, ledger } of processes) {
      await ledger.close();
      await database.close();
    }
    await line.close();
  });

  async function cutUntil(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await on().database.pool.query(
        `SELECT pg_sleep($1), (SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid() AND query ~ 'COMMIT|ledger|hold|account'
          ORDER BY random() LIMIT 1)`,
        [PAUSE],
      );
    }
  }

  async function sweepUntil(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await on().database.pool.query('SELECT pg_sleep($1)', [PAUSE]);
      await sweepHolds(on().ledger);
    }
  }

  async function untilNothingIsHeld(): Promise<void> {
    while ((await on().ledger.verify()).openHolds > 0) await sweepHolds(on().ledger);
  }
});
