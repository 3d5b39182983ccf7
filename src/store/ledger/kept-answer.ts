/** First answers as JSON keeps them: amounts as decimal strings. */
import type { LedgerOutcome, Slice } from '../../core/ledger/operations.ts';
import { type Amount, nano } from '../../core/money/amount.ts';

/** A value as it comes back from JSON that was written with its bigints as strings. */
type Kept<T> = T extends bigint
  ? string
  : T extends string | number | boolean
    ? T
    : T extends readonly (infer Each)[]
      ? readonly Kept<Each>[]
      : { readonly [Key in keyof T]: Kept<T[Key]> };

export type KeptOutcome = Kept<LedgerOutcome>;

export function readOutcome(kept: KeptOutcome): LedgerOutcome {
  if (kept.ok) {
    const { amount, overrun, available, slices, ...rest } = kept;
    return {
      ...rest,
      amount: read(amount),
      overrun: read(overrun),
      available: read(available),
      slices: slices.map((slice): Slice => ({ ...slice, amount: read(slice.amount) })),
    };
  }
  const { ok, at, refusal } = kept;
  if (refusal.why !== 'insufficient') throw new Error(`a refusal that may be mended was kept: ${refusal.why}`);
  return { ok, at, refusal: { ...refusal, available: read(refusal.available) } };
}

function read(text: string): Amount {
  return nano(BigInt(text));
}
