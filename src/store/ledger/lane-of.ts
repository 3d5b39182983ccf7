/**
 * Which lane an operation takes: those on one account take the same, so that lanes seldom wait for each other's locks.
 * Nothing depends on it but speed.
 */
import type { AccountId, HoldId, LedgerOperation } from '../../core/ledger/operations.ts';

/** Holds remembered by their lane; forgotten ones end in any lane. */
const REMEMBERED_MOST = 100_000;

/** Gives out lanes 0 to `lanes` - 1. */
export function laneChooser(lanes: number): (operation: LedgerOperation) => number {
  const lanesOfHolds = new Map<HoldId, number>();
  const remember = (hold: HoldId, lane: number): number => {
    const [oldest] = lanesOfHolds.size < REMEMBERED_MOST ? [] : lanesOfHolds.keys();
    if (oldest !== undefined) lanesOfHolds.delete(oldest);
    lanesOfHolds.set(hold, lane);
    return lane;
  };
  return (operation) => {
    switch (operation.kind) {
      case 'hold':
        return remember(operation.id, spread(operation.accounts[0] ?? '', lanes));
      case 'checkpoint':
        return lanesOfHolds.get(operation.id) ?? spread(operation.id, lanes);
      case 'settle':
      case 'void':
      case 'expire': {
        const lane = lanesOfHolds.get(operation.id) ?? spread(operation.id, lanes);
        lanesOfHolds.delete(operation.id);
        return lane;
      }
      default:
        return spread(payerOf(operation) ?? operation.id, lanes);
    }
  };
}

function payerOf(operation: Exclude<LedgerOperation, { kind: 'hold' }>): AccountId | undefined {
  if (operation.kind === 'charge') return operation.accounts[0];
  if (operation.kind === 'transfer') return operation.from;
  if (operation.kind === 'grant' && operation.from !== 'company') return operation.from;
  return 'account' in operation ? operation.account : undefined;
}

function spread(text: string, lanes: number): number {
  let hash = 0;
  for (let index = 0; index < text.length; index += 1) hash = (hash * 31 + text.charCodeAt(index)) >>> 0;
  return hash % lanes;
}
