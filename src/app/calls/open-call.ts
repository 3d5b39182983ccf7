/** Opens a call: prices the most it can cost, and holds that before a byte leaves. */
import { Refused, refused } from '../../core/errors.ts';
import type { Book, CallFacts } from '../../core/ledger/operations.ts';
import type { Amount } from '../../core/money/amount.ts';
import { affordableOutputLimit, upperBound } from '../../core/pricing/bound.ts';
import { type CallDemand, PROVIDERS_CHOICE } from '../../core/pricing/demand.ts';
import { estimateCall } from '../../core/pricing/estimate.ts';
import { priceCall } from '../../core/pricing/price.ts';
import { findModel, type ModelPrices, type PriceSheet } from '../../core/pricing/sheet.ts';
import type { Clock, KeyRecord, Ledger, Prices, ProviderName, Upstreams } from '../ports.ts';
import { requireModel } from './authorise.ts';
import { budgetExhausted } from './budget-words.ts';

/** How long a hold stands without a sign of life from the process that took it. */
export const LEASE_MS = 30_000;

export interface CallPorts {
  readonly ledger: Ledger;
  readonly prices: Prices;
  readonly upstreams: Upstreams;
  readonly clock: Clock;
  /** Whom a refused person is told to ask. */
  readonly whereToAsk: string;
}

export interface AskedCall {
  readonly id: string;
  readonly key: KeyRecord;
  readonly provider: ProviderName;
  readonly wire: string;
  readonly demand: CallDemand;
  readonly session?: string;
  readonly agent?: string;
}

export interface OpenCall {
  /** The hold's id and the request's. */
  readonly id: string;
  readonly book: Book;
  /** Where it was booked to go; it goes there or nowhere. */
  readonly destination: ProviderName | 'sandbox';
  readonly demand: CallDemand;
  readonly sheet: PriceSheet;
  readonly held: Amount;
  /** The output limit the balance buys, where that is less than was asked. */
  readonly loweredOutputLimit?: number;
}

/** The price of a model that this provider serves. Throws `Refused(model_not_priced)`. */
function requirePriced(ports: CallPorts, sheet: PriceSheet, provider: ProviderName, model: string): ModelPrices {
  const priced = findModel(sheet, model);
  if (priced?.provider === provider) return priced;
  throw refused(
    'model_not_priced',
    `The model ${model.slice(0, 128)} has no price here, and nothing unpriced is let through. ` +
      `To have it admitted, ask ${ports.whereToAsk}.`,
  );
}

/** Throws `Refused`: the model has no price, the key may not use it, the budget does not cover it, the store is away. */
export async function openCall(ports: CallPorts, asked: AskedCall): Promise<OpenCall> {
  const { id, key, demand, provider } = asked;
  requireModel(key, demand.model);
  const [sheet, destination] = await Promise.all([
    ports.prices.sheet(ports.clock.now()),
    ports.upstreams.route(provider),
  ]);
  const priced = requirePriced(ports, sheet, provider, demand.model);
  for (const other of demand.otherModels) {
    requireModel(key, other);
    if (other !== PROVIDERS_CHOICE) requirePriced(ports, sheet, provider, other);
  }
  const bound = upperBound(demand, sheet);
  const facts: CallFacts = {
    requestId: id,
    keyId: key.id,
    principalId: key.principal.id,
    provider: destination.name,
    wire: asked.wire,
    model: priced.model,
    priceSheet: sheet.id,
    ...(asked.session === undefined ? {} : { session: asked.session }),
    ...(asked.agent === undefined ? {} : { agent: asked.agent }),
  };
  const outcome = await ports.ledger.commit({
    kind: 'hold',
    id,
    accounts: key.funding[destination.book],
    amount: bound.amount,
    least: bound.leastAmount,
    known: priceCall(estimateCall(demand), sheet).amount,
    leaseMs: LEASE_MS,
    sticky: false,
    call: facts,
  });
  if (!outcome.ok) {
    if (outcome.refusal.why !== 'insufficient') throw new Error(`a fresh hold was refused: ${outcome.refusal.why}`);
    const { available, renewsAt } = outcome.refusal;
    const { whereToAsk } = ports;
    const spent = { available, needed: bound.leastAmount, whereToAsk };
    throw new Refused(budgetExhausted(renewsAt === undefined ? spent : { ...spent, renewsAt }));
  }
  const open = { id, book: destination.book, destination: destination.name, demand, sheet, held: outcome.amount };
  return outcome.amount < bound.amount
    ? { ...open, loweredOutputLimit: affordableOutputLimit(demand, outcome.amount, sheet) }
    : open;
}
