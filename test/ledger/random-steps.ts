/** Random lives of a small ledger: operations at random times on two people and a pool, for properties to hold over. */
import fc from 'fast-check';
import type { AccountId, LedgerOperation, OverrunPolicy } from '../../src/core/ledger/operations.ts';
import type { Account } from '../../src/core/ledger/state.ts';
import { type Amount, nano } from '../../src/core/money/amount.ts';
import { type Instant, instant } from '../../src/core/time/instant.ts';
import { MemoryLedger } from './memory-ledger.ts';

export const ACCOUNTS: readonly AccountId[] = ['ann', 'bob', 'pool'];

/** What happens, and how long after the step before (in milliseconds; often 0, so that steps meet in one batch). */
export interface Step {
  readonly after: number;
  readonly act: Act;
}

interface Act {
  readonly kind: LedgerOperation['kind'];
  readonly who: number;
  readonly other: number;
  readonly amount: Amount;
  readonly fraction: number;
  /** Which of the holds or grants so far. */
  readonly which: number;
  readonly from: number;
  readonly lives: number;
  readonly priority: number;
  readonly rolls: boolean;
}

const KINDS: readonly LedgerOperation['kind'][] = [
  'fund',
  'grant',
  'grant',
  'hold',
  'hold',
  'hold',
  'settle',
  'settle',
  'settle',
  'void',
  'expire',
  'checkpoint',
  'charge',
  'reverse',
  'transfer',
  'forfeit',
];

const acts: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom(...KINDS),
  who: fc.nat(2),
  other: fc.nat(2),
  amount: fc.bigInt({ min: 0n, max: 40n }).map(nano),
  fraction: fc.nat(10),
  which: fc.nat(8),
  from: fc.integer({ min: -3, max: 12 }),
  lives: fc.nat(16),
  priority: fc.nat(2),
  rolls: fc.boolean(),
});

export const steps = (maxLength = 60): fc.Arbitrary<Step[]> =>
  fc.array(fc.record({ after: fc.constantFrom(0, 0, 0, 1, 2, 5), act: acts }), { maxLength, size: 'max' });

export const policies = fc.constantFrom<OverrunPolicy>('absorb', 'repay');

export function emptyLedger(overrunPolicy: OverrunPolicy, floor = 0n): MemoryLedger {
  return new MemoryLedger(ACCOUNTS.map((id) => emptyAccount(id, overrunPolicy, floor)));
}

function emptyAccount(id: AccountId, overrunPolicy: OverrunPolicy, floor = 0n): Account {
  return { id, book: 'live', overrunPolicy, owed: nano(0n), overdraftHeld: nano(0n), floor: nano(floor) };
}

/** The operation that a step means in a ledger: one of the holds so far, one of the entries so far. */
export function operationOf({ act }: Step, index: number, now: Instant, ledger: MemoryLedger): LedgerOperation {
  const id = `op ${String(index).padStart(3, '0')}`;
  const account = ACCOUNTS[act.who] ?? 'ann';
  const holds = [...ledger.holds.values()];
  const hold = holds.at(-1 - (act.which % Math.max(1, holds.length)));
  const holdId = hold?.id ?? 'no hold';
  const accounts = [account, ACCOUNTS[act.other] ?? 'bob'];
  const call = { requestId: id, principalId: account, provider: 'sandbox', model: `model ${act.priority}` };
  switch (act.kind) {
    case 'fund':
      return { kind: 'fund', id, account: 'pool', tranche: trancheOf(act, id, now) };
    case 'grant':
      return {
        kind: 'grant',
        id,
        account,
        grantId: id,
        from: act.other === 2 && account !== 'pool' ? 'pool' : 'company',
        tranches: [trancheOf(act, `${id} a`, now), trancheOf({ ...act, from: act.from + 4 }, `${id} b`, now)],
      };
    case 'hold': {
      const least = nano((act.amount * BigInt(act.fraction)) / 10n);
      const lease = act.which > 1 ? { leaseMs: act.which } : {};
      const known = nano((act.amount * BigInt(act.priority)) / 2n);
      return { kind: 'hold', id, accounts, amount: act.amount, least, known, ...lease, sticky: act.rolls, call };
    }
    case 'checkpoint':
      return { kind: 'checkpoint', id: holdId, known: act.amount, leaseMs: 3 };
    case 'settle': {
      // Mostly at or below what is held, sometimes above.
      const amount = act.fraction === 10 ? act.amount : nano(((hold?.amount ?? 0n) * BigInt(act.fraction)) / 9n);
      return { kind: 'settle', id: holdId, amount, charge: { outcome: 'completed' } };
    }
    case 'void':
      return { kind: 'void', id: holdId };
    case 'expire':
      return { kind: 'expire', id: holdId };
    case 'charge':
      return { kind: 'charge', id, accounts, amount: act.amount, call, charge: { outcome: 'unenforced' } };
    case 'reverse': {
      const standing = nano((hold?.charged ?? 0n) - (hold?.reversed ?? 0n));
      const amount = nano((standing * BigInt(act.fraction)) / 9n);
      return { kind: 'reverse', id, entry: hold?.entry ?? 'no entry', amount };
    }
    case 'transfer':
      return { kind: 'transfer', id, from: account, to: accounts[1] ?? 'bob', tranche: trancheOf(act, id, now) };
    case 'forfeit': {
      const grants = [...new Set([...ledger.tranches.values()].flatMap(({ grantId }) => grantId ?? []))];
      const grantId = grants[act.which % Math.max(1, grants.length)] ?? 'no grant';
      return { kind: 'forfeit', id, account, grantId, ...(act.rolls ? { vestedToo: true } : {}) };
    }
  }
}

function trancheOf(act: Act, id: string, now: Instant) {
  const effectiveAt = instant(now + act.from);
  const expiresAt = instant(effectiveAt + act.lives);
  const rolls = {
    most: nano(act.amount / 2n),
    least: nano(BigInt(act.priority)),
    expiresAt: instant(expiresAt + act.which),
  };
  return {
    id: `tranche of ${id}`,
    amount: act.amount,
    priority: act.priority,
    effectiveAt,
    ...(act.lives === 0 ? {} : { expiresAt }),
    ...(act.lives > 0 && act.rolls ? { rollover: rolls } : {}),
  };
}
