/** A call that does not pass the gateway, as the system that makes it names it. */
import type { CallFacts, OperationId } from '../../core/ledger/operations.ts';
import type { Ids } from '../ports.ts';
import type { Payer, PayerAsked } from './payer.ts';

export interface OutsideCall {
  readonly payer: PayerAsked;
  readonly source: string;
  readonly externalId: string;
  readonly provider?: string;
  readonly model?: string;
  readonly agent?: string;
  readonly session?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** What a system that names no provider or model is booked under. */
const UNSAID = 'other';

/** The one id of what `source` calls `externalId`, for ever: asking again meets the first asking. */
export function outsideId(ids: Ids, kind: 'hold' | 'charge', asked: OutsideCall): OperationId {
  // As JSON, so that no pair of texts can be taken for another pair.
  return ids.derived(`outside:${kind}:${JSON.stringify([asked.source, asked.externalId])}`);
}

export function factsOf(id: OperationId, asked: OutsideCall, payer: Payer): CallFacts {
  const { source, externalId, agent, session, tags } = asked;
  return {
    requestId: id,
    principalId: payer.principalId,
    provider: asked.provider ?? UNSAID,
    model: asked.model ?? UNSAID,
    source,
    externalId,
    ...(payer.keyId === undefined ? {} : { keyId: payer.keyId }),
    ...(agent === undefined ? {} : { agent }),
    ...(session === undefined ? {} : { session }),
    ...(tags === undefined ? {} : { tags }),
  };
}
