/** Closes a call: what it used is charged, once, and the rest of its hold is free again. */
import { AMOUNT_MOST } from '../../core/ledger/admissible.ts';
import type { CallOutcome, ChargeFacts, LedgerOperation } from '../../core/ledger/operations.ts';
import { type Amount, least, nano, ZERO } from '../../core/money/amount.ts';
import type { Delivered } from '../../core/pricing/estimate.ts';
import { estimateCall } from '../../core/pricing/estimate.ts';
import { priceCall } from '../../core/pricing/price.ts';
import type { MeteredCall } from '../../core/pricing/usage.ts';
import { addUsage, NO_USAGE } from '../../core/pricing/usage.ts';
import type { OpenCall } from './open-call.ts';

/** How an answer ended, as the gateway saw it. */
export interface CallEnding {
  /**
   * `complete`: the provider's own end was read. `failed`: it reported an error inside the answer.
   * `cut`: the bytes stopped before the end. `cancelled`: the client left and the provider was told to stop.
   * `unused`: the provider refused, or never got the request.
   */
  readonly kind: 'complete' | 'failed' | 'cut' | 'cancelled' | 'unused';
  readonly metered?: MeteredCall;
  readonly delivered: Delivered;
}

const NOTHING_DELIVERED: Delivered = { outputBytes: 0, mediaBytes: 0 };

/** An ending in which nothing was used. */
export const UNUSED: CallEnding = { kind: 'unused', delivered: NOTHING_DELIVERED };

const OUTCOME: Readonly<Record<Exclude<CallEnding['kind'], 'unused'>, CallOutcome>> = {
  complete: 'completed',
  failed: 'failed',
  cut: 'estimated',
  cancelled: 'cancelled',
};

function deliveredAnything({ outputBytes, mediaBytes }: Delivered): boolean {
  return outputBytes > 0 || mediaBytes > 0;
}

/**
 * What an ending is charged for. A complete answer is charged what it reports. One that failed by the provider's own
 * word and delivered nothing is free; any other is charged what was reported or delivered, whichever is more.
 */
function chargedUsage(open: OpenCall, ending: CallEnding): MeteredCall | undefined {
  const { kind, metered, delivered } = ending;
  if (kind === 'unused') return undefined;
  if (kind === 'complete' && metered) return metered;
  if (kind === 'failed' && !metered && !deliveredAnything(delivered)) return undefined;
  return estimateCall(open.demand, delivered, metered);
}

/** The ledger operation that closes a call; pure. */
export function closingOperation(open: OpenCall, ending: CallEnding): LedgerOperation {
  const used = chargedUsage(open, ending);
  if (!used || ending.kind === 'unused') return { kind: 'void', id: open.id };
  const served = used.lines.at(-1)?.model;
  const charge: ChargeFacts = {
    outcome: ending.kind === 'complete' && !ending.metered ? 'estimated' : OUTCOME[ending.kind],
    usage: used.lines.reduce((sum, line) => addUsage(sum, line.usage), NO_USAGE),
    toolUses: used.toolUses,
    ...(served === undefined ? {} : { model: served }),
  };
  return { kind: 'settle', id: open.id, amount: priceUsed(open, used), charge };
}

/** What a running call has certainly used by now: what a crash in the next second leaves to charge. */
export function knownSoFar(open: OpenCall, delivered: Delivered, metered: MeteredCall | undefined): Amount {
  return priceUsed(open, estimateCall(open.demand, delivered, metered));
}

/** A provider's report may be beyond anything that can be booked: a defect of theirs must not leave the call open. */
function priceUsed(open: OpenCall, used: MeteredCall): Amount {
  return least(priceCall(used, open.sheet, open.demand).amount, nano(AMOUNT_MOST));
}

/** The cost an operation books: nothing for a void. */
export function costOf(operation: LedgerOperation): Amount {
  return operation.kind === 'settle' ? operation.amount : ZERO;
}
