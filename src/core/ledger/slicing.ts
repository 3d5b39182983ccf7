/** Taking an amount from sources in their order. */
import { type Amount, least, nano, ZERO } from '../money/amount.ts';

export interface Taken<Source> {
  readonly source: Source;
  readonly amount: Amount;
}

/** As much of `wanted` as there is, the earlier sources first; sources with nothing are skipped. */
export function takeInOrder<Source>(
  sources: Iterable<Source>,
  availableIn: (source: Source) => Amount,
  wanted: Amount,
): { readonly taken: readonly Taken<Source>[]; readonly short: Amount } {
  const taken: Taken<Source>[] = [];
  let short = wanted;
  for (const source of sources) {
    if (short <= 0n) break;
    const amount = least(short, availableIn(source));
    if (amount <= 0n) continue;
    taken.push({ source, amount });
    short = nano(short - amount);
  }
  return { taken, short: short > 0n ? short : ZERO };
}
