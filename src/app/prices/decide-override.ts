/** Approves a proposed change of the prices, by somebody else than who proposed it; or withdraws it, by anybody. */
import { refused } from '../../core/errors.ts';
import type { Act } from '../act.ts';
import { missing } from '../missing.ts';
import type { OverrideRecord, PriceOverrides } from '../ports/price-overrides.ts';

/** Throws `Refused`: `not_found`; `policy_denied` to who approves an own proposal; `conflict` when it was decided otherwise. */
export async function decideOverride(
  ports: { readonly priceOverrides: PriceOverrides },
  act: Act,
  id: string,
  decision: 'approved' | 'withdrawn',
): Promise<OverrideRecord> {
  const proposed = await ports.priceOverrides.find(id);
  if (!proposed) throw missing('price override');
  if (decision === 'approved' && proposed.proposedBy === act.by) {
    throw refused('policy_denied', 'Prices take two people: whoever proposed this cannot approve it.');
  }
  const decided = await ports.priceOverrides.decide(id, decision, act.by);
  if (decided) return decided;
  const already = await ports.priceOverrides.find(id);
  if (already?.state === decision && already.decidedBy === act.by) return already;
  throw refused('conflict', `This override is ${already?.state ?? 'gone'} already.`);
}
