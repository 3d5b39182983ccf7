/** What the operator changes of the price sheets; nothing of it counts before a second administrator approves. */
import type { PriceOverride } from '../../core/pricing/overrides.ts';
import type { ModelPrices } from '../../core/pricing/sheet.ts';
import type { Instant } from '../../core/time/instant.ts';
import type { Page, Paged } from '../ports.ts';

export interface OverrideRecord {
  readonly id: string;
  readonly state: 'proposed' | 'approved' | 'withdrawn';
  /** Given on approval, in its order. */
  readonly revision?: number;
  /** Of one model, in place of the sheet's. */
  readonly prices: ModelPrices;
  /** `YYYY-MM-DD`: from 00:00 UTC of it, as the sheets. */
  readonly effectiveOn: string;
  readonly reason: string;
  readonly proposedBy: string;
  readonly proposedAt: Instant;
  readonly decidedBy?: string;
  readonly decidedAt?: Instant;
}

export interface PriceOverrides {
  find(id: string): Promise<OverrideRecord | undefined>;
  list(page: Page): Promise<Paged<OverrideRecord>>;
  /** An id that is kept already returns what is kept. */
  propose(
    override: Pick<OverrideRecord, 'id' | 'prices' | 'effectiveOn' | 'reason' | 'proposedBy'>,
  ): Promise<OverrideRecord>;
  /** Decides one that is still proposed; `undefined`: it is not. Every process prices by it within a second. */
  decide(id: string, state: 'approved' | 'withdrawn', by: string): Promise<OverrideRecord | undefined>;
  /** The approved ones, in the order of their revisions. */
  approved(): Promise<readonly PriceOverride[]>;
}
