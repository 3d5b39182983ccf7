/** Sets money aside for a call that does not pass the gateway: the whole upper bound, or none of it. */
import { type Amount, ZERO } from '../../core/money/amount.ts';
import { ledgerNo } from '../ledger-no.ts';
import type { BookInForce } from '../ports/credentials.ts';
import type { HoldRecord, Ids, Ledger } from '../ports.ts';
import { factsOf, type OutsideCall, outsideId } from './outside-call.ts';
import { type PayerPorts, payerOf } from './payer.ts';

export interface HoldPorts extends PayerPorts {
  readonly ledger: Ledger;
  readonly ids: Ids;
  readonly bookInForce: BookInForce;
  readonly whereToAsk: string;
}

export interface HoldAsked extends OutsideCall {
  readonly upperBound: Amount;
  /** On the database's clock; without one the hold stands until it is resolved. */
  readonly leaseMs?: number;
}

/** A hold as it stands, and what its accounts have available after the act that is answered. */
export interface HoldAnswer {
  readonly hold: HoldRecord;
  readonly available: Amount;
  readonly repeated: boolean;
}

/**
 * The same `source` and `externalId` get the first answer for ever, a refusal too. Throws `Refused`:
 * `budget_exhausted`; `not_found` and `unprocessable` for the payer, or for the same id with other contents.
 */
export async function takeHold(ports: HoldPorts, asked: HoldAsked): Promise<HoldAnswer> {
  const id = outsideId(ports.ids, 'hold', asked);
  const first = await ports.ledger.hold(id);
  // A repeat stays with its first self, also when its key has ended or a provider got its credential in between.
  const payer = await payerOf(ports, asked.payer, first ? 'pays' : 'refused');
  const book = first?.book ?? (await ports.bookInForce());
  const outcome = await ports.ledger.commit({
    kind: 'hold',
    id,
    accounts: payer.accounts[book],
    amount: asked.upperBound,
    least: asked.upperBound,
    known: ZERO,
    ...(asked.leaseMs === undefined ? {} : { leaseMs: asked.leaseMs }),
    sticky: true,
    call: factsOf(id, asked, payer),
  });
  if (!outcome.ok) throw ledgerNo(outcome.refusal, 'The budget', ports.whereToAsk);
  return { hold: await heldAs(ports.ledger, id), available: outcome.available, repeated: outcome.repeated };
}

/** The hold as it stands. */
export async function heldAs(ledger: Ledger, id: string): Promise<HoldRecord> {
  const hold = await ledger.hold(id);
  if (!hold) throw new Error(`hold ${id} was booked and is not there`);
  return hold;
}
