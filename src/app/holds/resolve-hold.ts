/** Ends a hold with its actual cost, which may be none, or with no charge at all. */
import type { ChargeFacts } from '../../core/ledger/operations.ts';
import type { Amount } from '../../core/money/amount.ts';
import type { TokenUsage } from '../../core/pricing/usage.ts';
import { ledgerNo } from '../ledger-no.ts';
import type { Ledger } from '../ports.ts';
import { type HoldAnswer, heldAs } from './take-hold.ts';

export interface ResolvePorts {
  readonly ledger: Ledger;
  readonly whereToAsk: string;
}

export interface ActualCost {
  readonly amount: Amount;
  readonly model?: string;
  readonly usage?: TokenUsage;
}

/** Throws `Refused`: `not_found`; `conflict` when it was resolved otherwise before. */
export async function settleHold(ports: ResolvePorts, id: string, actual: ActualCost): Promise<HoldAnswer> {
  const { amount, ...said } = actual;
  const charge: ChargeFacts = { outcome: 'completed', ...said };
  return answerOf(ports, id, await ports.ledger.commit({ kind: 'settle', id, amount, charge }));
}

/** Throws `Refused`: `not_found`; `conflict` when it was settled before. */
export async function voidHold(ports: ResolvePorts, id: string): Promise<HoldAnswer> {
  return answerOf(ports, id, await ports.ledger.commit({ kind: 'void', id }));
}

async function answerOf(
  ports: ResolvePorts,
  id: string,
  outcome: Awaited<ReturnType<Ledger['commit']>>,
): Promise<HoldAnswer> {
  if (!outcome.ok) throw ledgerNo(outcome.refusal, 'The budget', ports.whereToAsk);
  return { hold: await heldAs(ports.ledger, id), available: outcome.available, repeated: outcome.repeated };
}
