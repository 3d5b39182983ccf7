/** What holds whatever happens, over random lives of a small ledger. A failure prints its seed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audit } from '../../../test/ledger/auditor.ts';
import type { MemoryLedger } from '../../../test/ledger/memory-ledger.ts';
import { ACCOUNTS, emptyLedger, operationOf, policies, type Step, steps } from '../../../test/ledger/random-steps.ts';
import { nano, ZERO } from '../money/amount.ts';
import { type Instant, instant } from '../time/instant.ts';
import type { Balance, LedgerOperation, LedgerOutcome } from './operations.ts';

const START = instant(1_000_000);

/** Plays the steps one by one, telling `seen` after each. */
function play(
  ledger: MemoryLedger,
  life: readonly Step[],
  seen?: (now: Instant, operation: LedgerOperation, outcome: LedgerOutcome | undefined) => void,
): Instant {
  let now = START;
  for (const [index, step] of life.entries()) {
    now = instant(now + step.after);
    const operation = operationOf(step, index, now, ledger);
    const [outcome] = ledger.commit([operation], now);
    seen?.(now, operation, outcome);
  }
  return now;
}

const balances = (ledger: MemoryLedger, asOf: Instant, now: Instant): Balance[] =>
  ACCOUNTS.map((id) => ledger.balance(id, asOf, now));

describe('whatever happens', () => {
  it('every entry sums to zero, no balance is negative, no version is missing and every identity holds', () => {
    fc.assert(
      fc.property(policies, steps(), (policy, life) => {
        const ledger = emptyLedger(policy);
        play(ledger, life, (now) => expect(audit(ledger, now)).toEqual([]));
      }),
      { numRuns: 150 },
    );
  });

  it('the answer’s available is the balance’s', () => {
    fc.assert(
      fc.property(policies, steps(), (policy, life) => {
        const ledger = emptyLedger(policy);
        play(ledger, life, (now, operation, outcome) => {
          if (operation.kind !== 'hold' || !outcome?.ok || outcome.repeated) return;
          const sum = [...new Set(operation.accounts)].map((id) => ledger.balance(id, now, now).available);
          expect(outcome.available).toBe(sum.reduce((a, b) => a + b, 0n));
        });
      }),
    );
  });

  it('an overdraft never passes the floor by a hold', () => {
    fc.assert(
      fc.property(steps(), (life) => {
        const ledger = emptyLedger('absorb', -10n);
        play(ledger, life, () => {
          for (const { floor, overdraftHeld } of ledger.accounts.values()) {
            expect(overdraftHeld >= 0n && overdraftHeld <= -floor).toBe(true);
          }
        });
      }),
    );
  });
});

describe('touching the ledger often or seldom gives the same books:', () => {
  const touches = fc.array(fc.nat(10), { minLength: 60, maxLength: 60 });

  it('run(a→c) = run(a→b) + run(b→c), for every instant, whoever looked in between', () => {
    fc.assert(
      fc.property(policies, steps(), touches, (policy, life, when) => {
        const [seldom, often] = [emptyLedger(policy), emptyLedger(policy)];
        const end = play(seldom, life);
        let now = START;
        for (const [index, step] of life.entries()) {
          const between = instant(Math.min(now + (when[index] ?? 0), now + step.after));
          often.commit([], between);
          now = instant(now + step.after);
          often.commit([operationOf(step, index, now, often)], now);
        }
        for (let asOf = START - 2; asOf <= end + 30; asOf += 1) {
          expect(balances(often, instant(asOf), end)).toEqual(balances(seldom, instant(asOf), end));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('operations decided together get the answers they would have got one after the other', () => {
    fc.assert(
      fc.property(policies, steps(30), (policy, life) => {
        const [single, together] = [emptyLedger(policy), emptyLedger(policy)];
        const batches = new Map<Instant, { operations: LedgerOperation[]; outcomes: (LedgerOutcome | undefined)[] }>();
        play(single, life, (now, operation, outcome) => {
          const batch = batches.get(now) ?? { operations: [], outcomes: [] };
          batch.operations.push(operation);
          batch.outcomes.push(outcome);
          batches.set(now, batch);
        });
        for (const [now, { operations, outcomes }] of batches) {
          // A reversal names an entry, which a batch of its own maker does not know yet.
          if (operations.some(({ kind }) => kind === 'reverse')) return;
          expect(together.commit(operations, now).map(withoutEntry)).toEqual(outcomes.map(withoutEntry));
        }
      }),
    );
  });

  it('what a balance was is what it is said to have been, and what it will be is what it becomes', () => {
    fc.assert(
      fc.property(policies, steps(), fc.nat(30), (policy, life, ahead) => {
        const ledger = emptyLedger(policy);
        const then = new Map<Instant, Balance[]>();
        const end = play(ledger, life, (now) => then.set(now, balances(ledger, now, now)));
        for (const [asOf, seen] of then) expect(balances(ledger, asOf, end)).toEqual(seen);
        const future = instant(end + ahead);
        const foretold = balances(ledger, future, end);
        ledger.commit([], future);
        expect(balances(ledger, future, future)).toEqual(foretold);
      }),
    );
  });
});

describe('asking again', () => {
  it('gets the first answer and moves nothing', () => {
    fc.assert(
      fc.property(policies, steps(), (policy, life) => {
        const ledger = emptyLedger(policy);
        play(ledger, life, (now, operation, outcome) => {
          if (operation.kind === 'checkpoint' || !outcome?.ok) return;
          const before = [ledger.entries.length, balances(ledger, now, now)];
          const [again] = ledger.commit([operation], now);
          expect(again).toEqual({ ...outcome, repeated: true });
          expect([ledger.entries.length, balances(ledger, now, now)]).toEqual(before);
        });
      }),
    );
  });

  it('with other contents is refused and names what differs', () => {
    const ledger = emptyLedger('absorb');
    const call = { requestId: 'r', principalId: 'p', provider: 'sandbox', model: 'm' };
    const hold = { kind: 'hold', id: 'h', accounts: ['ann'], least: ZERO, known: ZERO, sticky: false, call } as const;
    ledger.commit([{ ...hold, amount: nano(5n) }], START);
    const changed = { ...hold, amount: nano(6n), accounts: ['bob'], call: { ...call, requestId: 'a retry' } };
    const [outcome] = ledger.commit([changed], START);
    expect(outcome).toMatchObject({ ok: false, refusal: { why: 'id_reused', differs: ['accounts', 'asked'] } });
  });
});

describe('settling', () => {
  const holds = fc.array(fc.record({ amount: fc.nat(30), used: fc.nat(30), order: fc.nat(1_000) }), { maxLength: 12 });

  it('in any order, at or below what is held, leaves the same balance and the same charges', () => {
    fc.assert(
      fc.property(holds, fc.array(fc.nat(40), { maxLength: 5 }), (calls, amounts) => {
        const run = (ordered: typeof calls): unknown => {
          const ledger = emptyLedger('absorb');
          for (const [index, amount] of amounts.entries()) ledger.commit([grantOf(index, amount)], START);
          for (const [index, { amount }] of calls.entries()) ledger.commit([holdOf(`h${index}`, amount)], START);
          for (const each of ordered) {
            const id = `h${calls.indexOf(each)}`;
            const amount = nano(BigInt(Math.min(each.used, Number(ledger.holds.get(id)?.amount ?? 0n))));
            ledger.commit([{ kind: 'settle', id, amount, charge: { outcome: 'completed' } }], START);
          }
          return [ledger.balance('ann', START, START), [...ledger.tranches.values()].map(({ posted }) => posted)];
        };
        expect(run(calls.toSorted((a, b) => a.order - b.order))).toEqual(run(calls));
      }),
    );
  });

  it('charges the slices first taken and frees those last taken', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 }),
        fc.nat(150),
        (amounts, used) => {
          const ledger = emptyLedger('absorb');
          for (const [index, amount] of amounts.entries()) ledger.commit([grantOf(index, amount)], START);
          ledger.commit([holdOf('h', 1_000)], START);
          const held = amounts.reduce((a, b) => a + b, 0);
          const amount = Math.min(used, held);
          ledger.commit(
            [{ kind: 'settle', id: 'h', amount: nano(BigInt(amount)), charge: { outcome: 'completed' } }],
            START,
          );
          const left = [...ledger.tranches.values()].map(({ posted }) => Number(posted));
          const touched = left.findIndex((each) => each > 0);
          expect(left.reduce((a, b) => a + b, 0)).toBe(held - amount);
          if (touched >= 0) expect(left.slice(touched + 1)).toEqual(amounts.slice(touched + 1));
        },
      ),
    );
  });
});

function grantOf(index: number, amount: number): LedgerOperation {
  const id = `g${String(index).padStart(2, '0')}`;
  const tranche = { id, amount: nano(BigInt(amount)), priority: index, effectiveAt: START };
  return { kind: 'grant', id, account: 'ann', grantId: id, from: 'company', tranches: [tranche] };
}

function holdOf(id: string, amount: number): LedgerOperation {
  const call = { requestId: id, principalId: 'p', provider: 'sandbox', model: 'm' };
  const money = { amount: nano(BigInt(amount)), least: ZERO, known: ZERO };
  return { kind: 'hold', id, accounts: ['ann'], ...money, sticky: false, call };
}

function withoutEntry(outcome: LedgerOutcome | undefined): unknown {
  return outcome && { ...outcome, entry: undefined };
}
