/** Random lives of a ledger, lived by a real one and by the model side by side: every answer and every balance compared. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Balance, LedgerOperation, LedgerOutcome, TrancheTerms } from '../../src/core/ledger/operations.ts';
import { nano } from '../../src/core/money/amount.ts';
import { type Instant, instant } from '../../src/core/time/instant.ts';
import { IDS } from '../../src/store/ids.ts';
import { LedgerModel, type Said } from './ledger-model.ts';
import type { Policy } from './model-accounts.ts';

/** A ledger as these lives see it. */
export interface Subject {
  /** What the ids of this life are derived from: the same one makes the same life again. */
  readonly name: string;
  /** Three accounts, opened for this life. */
  readonly accounts: readonly string[];
  readonly policy: Policy;
  /** When the life begins. */
  readonly start: Instant;
  /** Commits together, in this order. */
  commit(operations: readonly LedgerOperation[]): Promise<readonly LedgerOutcome[]>;
  /** Lets this many ticks of its clock pass at the least. */
  pass(ticks: number): Promise<void>;
  /** As of its now when no instant is given. */
  balance(account: string, asOf?: Instant): Promise<Balance>;
}

const KINDS = [
  ...(['fund', 'grant', 'grant', 'hold', 'hold', 'hold', 'settle', 'settle', 'settle', 'void', 'expire'] as const),
  ...(['checkpoint', 'charge', 'reverse', 'reverse', 'transfer', 'forfeit', 'repeat', 'repeat', 'change'] as const),
];

const acts = fc.record({
  kind: fc.constantFrom(...KINDS),
  who: fc.nat(2),
  other: fc.nat(2),
  amount: fc.bigInt({ min: 0n, max: 40n }).map(nano),
  /** Of what is held or stands charged; 10 and more is beyond it. */
  tenths: fc.nat(12),
  /** Which of those so far, the last first. */
  which: fc.nat(9),
  from: fc.integer({ min: -3, max: 12 }),
  lives: fc.nat(16),
  priority: fc.nat(2),
  flag: fc.boolean(),
});

type Act = typeof acts extends fc.Arbitrary<infer Each> ? Each : never;

/** What happens at once, and how long after the step before. */
const steps = fc.record({
  pass: fc.constantFrom(0, 0, 1, 1, 2, 5, 13),
  acts: fc.array(acts, { minLength: 1, maxLength: 3 }),
});

export type Life = readonly (typeof steps extends fc.Arbitrary<infer Each> ? Each : never)[];

export const lives = (most: number): fc.Arbitrary<Life> => fc.array(steps, { maxLength: most, size: 'max' });

/** Lives a life. `tick` is what one unit of its times is on the subject's clock. Throws where the two part ways. */
export async function live(subject: Subject, life: Life, tick: number): Promise<void> {
  const model = new LedgerModel(subject.accounts, subject.policy, subject.start);
  const teller = new Teller(subject, model, tick);
  const moments = [subject.start];
  for (const [index, step] of life.entries()) {
    await subject.pass(step.pass * tick);
    const operations = step.acts.flatMap((act) => teller.operationOf(act) ?? []);
    const outcomes = await subject.commit(operations);
    const now = instant(Math.max(model.now, ...outcomes.map(({ at }) => at)));
    for (const [place, operation] of operations.entries()) {
      const outcome = outcomes[place];
      if (!outcome) throw new Error('an operation got no answer');
      const expected = model.apply(operation, now);
      expect(comparable(outcome), `step ${index}, ${operation.kind}`).toEqual(comparable(expected));
      teller.heard(operation, outcome);
    }
    moments.push(now);
    for (const account of subject.accounts) await compareBalance(subject, model, account);
  }
  const ahead = [1, 2, 5, 9, 14, 30, 100].map((ticks) => instant(model.now + ticks * tick));
  for (const asOf of [instant(subject.start - 1), ...moments, ...ahead]) {
    for (const account of subject.accounts) await compareBalance(subject, model, account, asOf);
  }
}

async function compareBalance(subject: Subject, model: LedgerModel, account: string, at?: Instant): Promise<void> {
  const { asOf, ...figures } = await subject.balance(account, at);
  expect(figures, `account ${account} as of ${asOf - subject.start} ms`).toEqual(model.balance(account, asOf));
  expect(figures.granted).toBe(figures.unvested + figures.vested + figures.forfeited);
  const { available, held, spent, expired, transferredIn, transferredOut } = figures;
  expect(figures.vested + transferredIn).toBe(available + held + spent + expired + transferredOut);
  expect([available, held, figures.unvested].every((figure) => figure >= 0n)).toBe(true);
}

/** What both can say: entries have no names in the model, and what differs is for people. */
function comparable(said: Said | LedgerOutcome): unknown {
  if (said.ok) return { ...said, entry: undefined };
  const refusal = said.refusal as Extract<LedgerOutcome, { ok: false }>['refusal'];
  if (refusal.why === 'id_reused') return refusal.why;
  return { ...said, refusal: refusal.why === 'unknown' ? [refusal.why, refusal.what] : refusal };
}

/** Makes operations out of acts: ids of their own, and of what there is so far the one that is meant. */
class Teller {
  readonly #subject: Subject;
  readonly #model: LedgerModel;
  readonly #tick: number;
  readonly #asked: LedgerOperation[] = [];
  readonly #entries: string[] = [];
  readonly #grants: string[] = [];

  #ids = 0;

  constructor(subject: Subject, model: LedgerModel, tick: number) {
    this.#subject = subject;
    this.#model = model;
    this.#tick = tick;
  }

  heard(operation: LedgerOperation, outcome: LedgerOutcome): void {
    this.#asked.push(operation);
    if (!outcome.ok || outcome.entry === undefined || outcome.repeated) return;
    this.#entries.push(outcome.entry);
    const charges = operation.kind === 'settle' || operation.kind === 'expire' || operation.kind === 'charge';
    if (charges) this.#model.chargedBy.set(outcome.entry, operation.id);
  }

  operationOf(act: Act): LedgerOperation | undefined {
    const earlier = this.#asked.at(-1 - act.which);
    if (act.kind === 'repeat') return earlier;
    return act.kind === 'change' ? earlier && changed(earlier) : this.#fresh(act, act.kind);
  }

  #id(): string {
    this.#ids += 1;
    return IDS.derived(`${this.#subject.name} ${this.#ids}`);
  }

  #fresh(act: Act, kind: LedgerOperation['kind']): LedgerOperation {
    const id = this.#id();
    const { amount, which, priority, flag } = act;
    const account = this.#subject.accounts[act.who] ?? '';
    const other = this.#subject.accounts[act.other] ?? '';
    const holds = [...this.#model.holds.keys()];
    const hold = holds.at(-1 - (which % Math.max(1, holds.length))) ?? id;
    const call = { requestId: id, principalId: account, provider: 'sandbox', model: `model ${priority}` };
    switch (kind) {
      case 'fund':
        return { kind, id, account, tranche: this.#terms(act) };
      case 'grant': {
        const from = flag && other !== account ? other : 'company';
        this.#grants.push(id);
        const later = this.#terms({ ...act, from: act.from + 4, amount: nano(amount / 2n) });
        return { kind, id, account, grantId: id, from, tranches: [this.#terms(act), later] };
      }
      case 'hold': {
        const money = {
          amount,
          least: nano((amount * BigInt(act.tenths)) / 12n),
          known: nano(amount / BigInt(1 + which)),
        };
        const lease = which > 2 ? { leaseMs: which * this.#tick } : {};
        return { kind, id, accounts: [account, other], ...money, ...lease, sticky: flag, call };
      }
      case 'checkpoint':
        return { kind, id: hold, known: amount, leaseMs: 3 * this.#tick };
      case 'settle':
        return { kind, id: hold, amount: this.#part(hold, act), charge: { outcome: 'completed' } };
      case 'void':
      case 'expire':
        return { kind, id: hold };
      case 'charge':
        return { kind, id, accounts: [account, other], amount, call, charge: { outcome: 'unenforced' } };
      case 'reverse': {
        const entry = this.#entries.at(-1 - which) ?? id;
        return { kind, id, entry, amount: this.#part(this.#model.chargedBy.get(entry) ?? '', act) };
      }
      case 'transfer':
        return { kind, id, from: account, to: other, tranche: this.#terms(act) };
      case 'forfeit': {
        const grantId = this.#grants.at(-1 - which) ?? id;
        return { kind, id, account, grantId, ...(flag ? { vestedToo: true } : {}) };
      }
    }
  }

  /** So many tenths of what a hold holds, or of what stands charged of it. */
  #part(id: string, { tenths, amount }: Act): ReturnType<typeof nano> {
    const hold = this.#model.holds.get(id);
    const parts = hold && (hold.state === 'held' ? hold.took : hold.standing);
    const whole = parts?.reduce((sum, part) => sum + part.amount, 0n) ?? amount;
    return tenths > 10 ? nano(whole + amount) : nano((whole * BigInt(tenths)) / 10n);
  }

  #terms({ amount, priority, from, lives: ticks, which, flag }: Act): TrancheTerms {
    const effectiveAt = instant(this.#model.now + from * this.#tick);
    const terms = { id: this.#id(), amount, priority, effectiveAt };
    if (ticks === 0) return terms;
    const expiresAt = instant(effectiveAt + ticks * this.#tick);
    if (!flag) return { ...terms, expiresAt };
    const until = which === 0 ? {} : { expiresAt: instant(expiresAt + (which - 1) * this.#tick) };
    return { ...terms, expiresAt, rollover: { most: nano(amount / 2n), least: nano(BigInt(priority)), ...until } };
  }
}

/** The same id for something else. */
function changed(operation: LedgerOperation): LedgerOperation {
  switch (operation.kind) {
    case 'hold':
    case 'charge':
    case 'settle':
    case 'reverse':
      return { ...operation, amount: nano(operation.amount + 1n) };
    case 'fund':
    case 'transfer':
      return { ...operation, tranche: { ...operation.tranche, priority: operation.tranche.priority + 1 } };
    case 'grant':
      return { ...operation, tranches: operation.tranches.slice(1) };
    case 'checkpoint':
      return { ...operation, known: nano(operation.known + 1n) };
    case 'forfeit':
      return { ...operation, grantId: operation.id };
    default:
      return operation;
  }
}
