import { describe, expect, it } from 'vitest';
import type { LedgerOperation, LedgerOutcome } from '../../core/ledger/operations.ts';
import { nano, ZERO } from '../../core/money/amount.ts';
import { NO_USAGE } from '../../core/pricing/usage.ts';
import { type Instant, instant } from '../../core/time/instant.ts';
import type { OpenCall } from './open-call.ts';
import { RunningCalls } from './running-calls.ts';

const done: LedgerOutcome = {
  ok: true,
  at: instant(0),
  amount: ZERO,
  overrun: ZERO,
  slices: [],
  available: ZERO,
  repeated: false,
};

/** A ledger that keeps what it was asked and can be away. */
function stage() {
  const asked: LedgerOperation[] = [];
  const state = { away: false, now: 0 };
  const commit = async (operation: LedgerOperation) => {
    if (state.away) throw new Error('away');
    asked.push(operation);
    return done;
  };
  const calls = new RunningCalls({ commit }, { now: (): Instant => instant(state.now) });
  return { asked, state, calls };
}

const open: OpenCall = {
  id: 'h1',
  book: 'test',
  destination: 'sandbox',
  demand: {
    model: 'm',
    inputTokensMost: 1,
    inputUnseen: false,
    inputMayHoldAudio: false,
    inputMayHoldImages: false,
    cacheWrite: 'none',
    candidates: 1,
    thinkingBudget: 0,
    outputMayHoldAudio: false,
    outputMayHoldImages: false,
    fast: false,
    serverTools: [],
    otherModels: [],
  },
  sheet: { id: 's', effectiveOn: '2026-11-16', models: [] },
  held: nano(10n),
};
const settle: LedgerOperation = {
  kind: 'settle',
  id: 'h1',
  amount: nano(5n),
  charge: { outcome: 'completed', usage: NO_USAGE },
};

describe('the running calls', () => {
  it('write down what a call has used when it has grown, and not when it has not', async () => {
    const { asked, calls } = stage();
    let known = 3n;
    calls.began(open, () => nano(known));
    await calls.tick();
    await calls.tick();
    known = 4n;
    await calls.tick();
    expect(asked.map((each) => each.kind === 'checkpoint' && each.known)).toEqual([3n, 4n]);
  });

  it('renew the lease of a call that uses nothing new', async () => {
    const { asked, state, calls } = stage();
    calls.began(open, () => nano(3n));
    await calls.tick();
    state.now = 30_000;
    await calls.tick();
    expect(asked).toHaveLength(2);
  });

  it('keep an end that the store could not take, and book it when it can', async () => {
    const { asked, state, calls } = stage();
    calls.began(open, () => nano(3n));
    state.away = true;
    expect(await calls.closed(settle)).toBeUndefined();
    await calls.tick();
    expect(calls.size).toBe(1);
    state.away = false;
    const idle = calls.idle();
    await calls.tick();
    await idle;
    expect(asked).toEqual([settle]);
    expect(calls.size).toBe(0);
  });

  it('give back what the sweeper charged meanwhile for a call that used nothing', async () => {
    const asked: LedgerOperation[] = [];
    const commit = async (operation: LedgerOperation): Promise<LedgerOutcome> => {
      asked.push(operation);
      if (operation.kind === 'settle') return done;
      return { ok: false, at: instant(0), refusal: { why: 'already', state: 'expired', amount: nano(5n) } };
    };
    const calls = new RunningCalls({ commit }, { now: (): Instant => instant(0) });
    expect(await calls.closed({ kind: 'void', id: 'h1' })).toEqual(done);
    expect(asked).toEqual([
      { kind: 'void', id: 'h1' },
      { kind: 'settle', id: 'h1', amount: ZERO, charge: { outcome: 'failed' } },
    ]);
  });

  it('void a hold of which nobody knows whether it was taken, as soon as the store is back', async () => {
    const { asked, state, calls } = stage();
    state.away = true;
    calls.neverSent('h1');
    await calls.tick();
    expect(calls.size).toBe(1);
    state.away = false;
    await calls.tick();
    expect(asked).toEqual([{ kind: 'void', id: 'h1' }]);
    expect(calls.size).toBe(0);
  });

  it('are idle at once when there are none', async () => {
    await stage().calls.idle();
  });
});
