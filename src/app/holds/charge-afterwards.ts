/** Books what was used already and did not pass the gateway: what the accounts cannot cover is overrun. */
import type { Book } from '../../core/ledger/operations.ts';
import type { Amount } from '../../core/money/amount.ts';
import type { Instant } from '../../core/time/instant.ts';
import { ledgerNo } from '../ledger-no.ts';
import { factsOf, type OutsideCall, outsideId } from './outside-call.ts';
import { payerOf } from './payer.ts';
import type { ActualCost } from './resolve-hold.ts';
import type { HoldPorts } from './take-hold.ts';

export interface ChargeAnswer {
  readonly id: string;
  readonly book: Book;
  readonly at: Instant;
  readonly amount: Amount;
  readonly overrun: Amount;
  readonly available: Amount;
  readonly repeated: boolean;
}

/** Throws `Refused`: `not_found` and `unprocessable` for the payer, or for the same id with other contents. */
export async function chargeAfterwards(
  ports: HoldPorts,
  asked: OutsideCall & Omit<ActualCost, 'model'>,
): Promise<ChargeAnswer> {
  const id = outsideId(ports.ids, 'charge', asked);
  const first = await ports.ledger.hold(id);
  // What was used was used, also by a key that has ended since.
  const payer = await payerOf(ports, asked.payer, 'pays');
  const book = first?.book ?? (await ports.bookInForce());
  const outcome = await ports.ledger.commit({
    kind: 'charge',
    id,
    accounts: payer.accounts[book],
    amount: asked.amount,
    call: factsOf(id, asked, payer),
    charge: { outcome: 'unenforced', ...(asked.usage === undefined ? {} : { usage: asked.usage }) },
  });
  if (!outcome.ok) throw ledgerNo(outcome.refusal, 'The budget', ports.whereToAsk);
  const { at, amount, overrun, available, repeated } = outcome;
  return { id, book, at, amount, overrun, available, repeated };
}
