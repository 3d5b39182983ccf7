/** Proposes a change of the prices. Nothing of it counts before another administrator approves it. */
import { pricesProblem } from '../../core/pricing/overrides.ts';
import type { ModelPrices } from '../../core/pricing/sheet.ts';
import { type Act, idOf } from '../act.ts';
import { unfit } from '../missing.ts';
import type { OverrideRecord, PriceOverrides } from '../ports/price-overrides.ts';
import type { Ids } from '../ports.ts';

export interface NewOverride {
  /** Of one model, in place of the sheet's; or of one that no sheet knows, marked provisional at a ceiling. */
  readonly prices: ModelPrices;
  /** `YYYY-MM-DD`, in UTC. */
  readonly effectiveOn: string;
  readonly reason: string;
}

/** Throws `Refused(unprocessable)` for prices that could not be applied. */
export async function proposeOverride(
  ports: { readonly priceOverrides: PriceOverrides; readonly ids: Ids },
  act: Act,
  asked: NewOverride,
): Promise<OverrideRecord> {
  const problem = pricesProblem(asked.prices);
  if (problem !== undefined) throw unfit('/rates', `cannot be applied: ${problem}`);
  return ports.priceOverrides.propose({ ...asked, id: idOf(ports.ids, act, 'override'), proposedBy: act.by });
}
