/**
 * The whole ledger over maps: the decisions and sums of the real one without a database. The rules are tested on it,
 * and a simulation can run it on a clock of its own.
 */

import { balanceOf, type HeldThen } from '../../src/core/ledger/balance.ts';
import { hasExpired } from '../../src/core/ledger/burn-order.ts';
import { decide } from '../../src/core/ledger/decide.ts';
import type {
  AccountId,
  Balance,
  EntryId,
  HoldId,
  LedgerOperation,
  LedgerOutcome,
} from '../../src/core/ledger/operations.ts';
import { heldAt, pendingTransfers } from '../../src/core/ledger/project.ts';
import type { Account, Answered, Entry, Hold, LedgerState, Tranche } from '../../src/core/ledger/state.ts';
import { nano } from '../../src/core/money/amount.ts';
import { type Instant, instant } from '../../src/core/time/instant.ts';

export class MemoryLedger {
  readonly accounts = new Map<AccountId, Account>();
  readonly tranches = new Map<string, Tranche>();
  readonly holds = new Map<HoldId, Hold>();
  readonly answered = new Map<string, Answered>();
  readonly entries: Entry[] = [];
  #entriesMade = 0;

  constructor(accounts: Iterable<Account>) {
    for (const account of accounts) this.accounts.set(account.id, account);
  }

  /** Decides a batch at an instant, never earlier than the last one, and keeps what it writes. */
  commit(operations: readonly LedgerOperation[], now: Instant): readonly LedgerOutcome[] {
    const { outcomes, writes } = decide(this.#state(), operations, {
      now,
      entryId: () => {
        this.#entriesMade += 1;
        return `entry ${this.#entriesMade}`;
      },
      successorOf: (tranche) => `after ${tranche}`,
    });
    for (const account of writes.accounts) this.accounts.set(account.id, account);
    for (const tranche of [...writes.tranches.fresh, ...writes.tranches.changed])
      this.tranches.set(tranche.id, tranche);
    for (const hold of [...writes.holds.fresh, ...writes.holds.changed]) this.holds.set(hold.id, hold);
    for (const answered of writes.answered) this.answered.set(answered.id, answered);
    this.entries.push(...writes.entries);
    return outcomes;
  }

  /** An account's balance as of any instant, seen at `now`. */
  balance(id: AccountId, asOf: Instant, now: Instant): Balance {
    const account = this.accounts.get(id);
    if (!account) throw new RangeError(`no account ${id}`);
    const tranches = [...this.tranches.values()].filter((tranche) => tranche.account === id);
    const booked = this.entries.flatMap(({ transfers }) => transfers).filter((transfer) => transfer.account === id);
    const pending = pendingTransfers(account, tranches, instant(Math.max(asOf, now)));
    const flows = [...booked, ...pending].filter(({ at }) => at <= asOf);
    return balanceOf(flows, asOf < now ? this.#heldThen(id, asOf) : heldAt(tranches, asOf), asOf);
  }

  #heldThen(account: AccountId, then: Instant): HeldThen {
    const sums = { active: 0n, expired: 0n };
    for (const { state, createdAt, endedAt, slices } of this.holds.values()) {
      if (state === 'refused' || createdAt > then || (endedAt !== undefined && endedAt <= then)) continue;
      for (const slice of slices) {
        const tranche = this.tranches.get(slice.tranche);
        if (!tranche || slice.account !== account) continue;
        sums[hasExpired(tranche, then) ? 'expired' : 'active'] += slice.took;
      }
    }
    return { active: nano(sums.active), expired: nano(sums.expired) };
  }

  #state(): LedgerState {
    const charges = new Map<EntryId, HoldId>();
    for (const { id, hold, cause } of this.entries) {
      if (hold !== undefined && cause !== 'reverse') charges.set(id, hold);
    }
    return {
      accounts: [...this.accounts.values()],
      tranches: [...this.tranches.values()],
      holds: [...this.holds.values()],
      answered: [...this.answered.values()],
      charges,
    };
  }
}
