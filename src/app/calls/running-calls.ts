/**
 * The calls this process has in flight. Each second what they have used is written down and their leases are renewed,
 * so that a crash leaves at most a second unknown; a settle that the store could not take is kept until it can.
 */
import type { LedgerOperation, LedgerOutcome } from '../../core/ledger/operations.ts';
import { type Amount, ZERO } from '../../core/money/amount.ts';
import type { Instant } from '../../core/time/instant.ts';
import type { Clock, Ledger } from '../ports.ts';
import { LEASE_MS, type OpenCall } from './open-call.ts';

/** A lease is renewed when this much of it has passed, even if nothing new was used. */
const RENEW_AFTER_MS = LEASE_MS / 3;

interface Running {
  readonly open: OpenCall;
  readonly known: () => Amount;
  written: Amount;
  renewedAt: Instant;
}

export class RunningCalls {
  readonly #ledger: Pick<Ledger, 'commit'>;
  readonly #clock: Clock;
  readonly #running = new Map<string, Running>();
  readonly #unclosed = new Map<string, LedgerOperation>();
  #idle: (() => void)[] = [];

  constructor(ledger: Pick<Ledger, 'commit'>, clock: Clock) {
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** `known` is asked once a second for what the call has certainly used. */
  began(open: OpenCall, known: () => Amount): void {
    this.#running.set(open.id, { open, known, written: ZERO, renewedAt: this.#clock.now() });
  }

  get size(): number {
    return this.#running.size + this.#unclosed.size;
  }

  /**
   * Books a call's end. `undefined` when the store is away: the operation is kept and tried again with every tick,
   * and should this process die first, the sweeper charges what was last written.
   */
  async closed(operation: LedgerOperation): Promise<LedgerOutcome | undefined> {
    try {
      return await this.#book(operation);
    } catch {
      this.#unclosed.set(operation.id, operation);
      return undefined;
    } finally {
      this.#running.delete(operation.id);
      this.#settleIdle();
    }
  }

  /**
   * Of a hold that was asked for it is not known whether it was taken: the store went away before it said so. Nothing
   * was sent, so should it be there it is voided, before the sweeper charges it.
   */
  neverSent(id: string): void {
    this.#unclosed.set(id, { kind: 'void', id });
  }

  /** One second's work. Never throws: what the store cannot take now is offered again next time. */
  async tick(): Promise<void> {
    const now = this.#clock.now();
    const due: Promise<unknown>[] = [];
    for (const running of this.#running.values()) due.push(this.#checkpoint(running, now));
    for (const operation of this.#unclosed.values()) due.push(this.#retry(operation));
    await Promise.allSettled(due);
  }

  /** Resolves when nothing is in flight and every end is booked. */
  async idle(): Promise<void> {
    if (this.size === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  async #checkpoint(running: Running, now: Instant): Promise<void> {
    const known = running.known();
    if (known <= running.written && now - running.renewedAt < RENEW_AFTER_MS) return;
    await this.#ledger.commit({ kind: 'checkpoint', id: running.open.id, known, leaseMs: LEASE_MS });
    running.written = known;
    running.renewedAt = now;
  }

  /** A call that used nothing and that the sweeper had charged while the store was away is given that back. */
  async #book(operation: LedgerOperation): Promise<LedgerOutcome> {
    const outcome = await this.#ledger.commit(operation);
    if (operation.kind !== 'void' || outcome.ok) return outcome;
    const swept = outcome.refusal.why === 'already' && outcome.refusal.state === 'expired';
    if (!swept) return outcome;
    return this.#ledger.commit({ kind: 'settle', id: operation.id, amount: ZERO, charge: { outcome: 'failed' } });
  }

  async #retry(operation: LedgerOperation): Promise<void> {
    await this.#book(operation);
    this.#unclosed.delete(operation.id);
    this.#settleIdle();
  }

  #settleIdle(): void {
    if (this.size > 0) return;
    const waiting = this.#idle;
    this.#idle = [];
    for (const resolve of waiting) resolve();
  }
}
