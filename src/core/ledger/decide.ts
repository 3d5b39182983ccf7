/**
 * The ledger's decision: which of a batch of operations happen, in the order of their arrival, and what that writes.
 * Pure: the same state, operations and context give the same outcomes and writes, so the same function runs under a
 * database, in memory, and in a simulation.
 */
import { advance } from './advance.ts';
import { decideCharge, decideExpire, decideSettle, decideVoid } from './decide-ending.ts';
import { decideCheckpoint, decideHold } from './decide-hold.ts';
import { decideForfeit, decideFund, decideGrant, decideTransfer } from './decide-promise.ts';
import { decideReverse } from './decide-reverse.ts';
import { type DecisionContext, LedgerDraft } from './draft.ts';
import type { LedgerOperation, LedgerOutcome } from './operations.ts';
import { answeredBefore, askedOf } from './repeating.ts';
import type { LedgerState, LedgerWrites } from './state.ts';

export interface Decision {
  /** One for each operation, in their order. */
  readonly outcomes: readonly LedgerOutcome[];
  readonly writes: LedgerWrites;
}

/** Decides operations whose rows are all in the state: their accounts, those accounts' tranches, holds and answers. */
export function decide(state: LedgerState, operations: readonly LedgerOperation[], context: DecisionContext): Decision {
  const draft = new LedgerDraft(state, context);
  for (const account of draft.accountIds()) advance(draft, account);
  const outcomes = operations.map((operation) => decideOne(draft, operation));
  return { outcomes, writes: draft.writes() };
}

function decideOne(draft: LedgerDraft, operation: LedgerOperation): LedgerOutcome {
  switch (operation.kind) {
    case 'hold':
      return decideHold(draft, operation);
    case 'checkpoint':
      return decideCheckpoint(draft, operation);
    case 'settle':
      return decideSettle(draft, operation);
    case 'void':
      return decideVoid(draft, operation);
    case 'expire':
      return decideExpire(draft, operation);
    case 'charge':
      return decideCharge(draft, operation);
    case 'fund':
      return once(draft, operation, () => decideFund(draft, operation));
    case 'grant':
      return once(draft, operation, () => decideGrant(draft, operation));
    case 'transfer':
      return once(draft, operation, () => decideTransfer(draft, operation));
    case 'forfeit':
      return once(draft, operation, () => decideForfeit(draft, operation));
    case 'reverse':
      return once(draft, operation, () => decideReverse(draft, operation));
  }
}

/** What happened, and what funds did not suffice for, is answered the same for ever; other refusals may be mended. */
function once(draft: LedgerDraft, operation: LedgerOperation, decideFirst: () => LedgerOutcome): LedgerOutcome {
  const first = draft.answered(operation.id);
  if (first) return answeredBefore(first, operation);
  const outcome = decideFirst();
  if (outcome.ok || outcome.refusal.why === 'insufficient') {
    draft.putAnswered({ id: operation.id, asked: askedOf(operation), outcome });
  }
  return outcome;
}
