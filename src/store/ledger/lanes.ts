/**
 * Group commit: whatever waits goes together. A fixed small number of lanes each take up to a batch of what is waiting in
 * them, commit it, and come back; while they are busy the next batch gathers. Under no load an operation goes at once and
 * alone.
 */
import type { Refused } from '../../core/errors.ts';
import type { LedgerOperation, LedgerOutcome } from '../../core/ledger/operations.ts';
import { isAway, storeAway } from '../store-away.ts';
import type { Result } from './batch.ts';
import { laneChooser } from './lane-of.ts';

export interface LanesOptions {
  readonly lanes: number;
  readonly batchMost: number;
  /** How long an operation waits for a database that is away, in milliseconds. */
  readonly patienceMs: number;
  /** How long a lane rests before it tries a database again that was away, in milliseconds. */
  readonly restMs: number;
}

interface Waiting {
  readonly operation: LedgerOperation;
  readonly since: number;
  readonly resolve: (outcome: LedgerOutcome) => void;
  readonly reject: (reason: Refused) => void;
}

type Commit = (operations: readonly LedgerOperation[]) => Promise<Result[]>;

export class Lanes {
  readonly #laneOf: (operation: LedgerOperation) => number;
  readonly #lanes: readonly Lane[];
  #closed = false;

  constructor(commit: Commit, options: LanesOptions) {
    this.#laneOf = laneChooser(options.lanes);
    this.#lanes = Array.from({ length: options.lanes }, () => new Lane(commit, options));
  }

  /** Rejects with `Refused(store_unavailable)` only: every other no is an outcome. */
  submit(operation: LedgerOperation): Promise<LedgerOutcome> {
    const lane = this.#lanes[this.#laneOf(operation)];
    if (this.#closed || !lane) return Promise.reject(storeAway(new Error('the ledger is closed')));
    return lane.submit(operation);
  }

  /** Takes nothing more, and resolves when what was taken has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#lanes.map((lane) => lane.idle()));
  }
}

class Lane {
  readonly #commit: Commit;
  readonly #options: LanesOptions;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;

  constructor(commit: Commit, options: LanesOptions) {
    this.#commit = commit;
    this.#options = options;
  }

  submit(operation: LedgerOperation): Promise<LedgerOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ operation, since: performance.now(), resolve, reject });
      this.#running ??= this.#run();
    });
  }

  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // What is submitted in one turn of the event loop goes together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#options.batchMost);
      await this.#settle(batch);
    }
    this.#running = undefined;
  }

  async #settle(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.#commit(batch.map(({ operation }) => operation));
      for (const [index, each] of batch.entries()) tell(each, results[index]);
    } catch (cause) {
      if (isAway(cause)) await this.#waitOrRefuse(batch, cause);
      else for (const { reject } of batch) reject(storeAway(cause));
    }
  }

  /** Whoever has waited too long is told so; the others come first again. Ids make a second try of the same harmless. */
  async #waitOrRefuse(batch: readonly Waiting[], cause: unknown): Promise<void> {
    const { patienceMs, restMs } = this.#options;
    const before = performance.now() - patienceMs;
    const everybody = [...batch, ...this.#waiting];
    this.#waiting = everybody.filter(({ since }) => since > before);
    for (const { since, reject } of everybody) if (since <= before) reject(storeAway(cause));
    await new Promise((resolve) => setTimeout(resolve, restMs));
  }
}

function tell({ resolve, reject }: Waiting, result: Result | undefined): void {
  if (result && 'outcome' in result) resolve(result.outcome);
  else reject(storeAway(result?.failed));
}
