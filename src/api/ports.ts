/** Everything the API needs of the world. */
import type { GrantPorts } from '../app/grants/award-grant.ts';
import type { HoldPorts } from '../app/holds/take-hold.ts';
import type { KeyPorts } from '../app/keys/create-key.ts';
import type { FundingPorts } from '../app/pools/fund-pool.ts';
import type { PriceOverrides } from '../app/ports/price-overrides.ts';
import type { Log, Prices, UsageRecords } from '../app/ports.ts';
import type { ProviderPorts } from '../app/providers/set-provider.ts';
import type { PriceSheet } from '../core/pricing/sheet.ts';
import type { RoutePorts } from './add-route.ts';
import type { CursorHash } from './cursor.ts';

export interface ApiPorts extends RoutePorts, GrantPorts, KeyPorts, HoldPorts, FundingPorts, ProviderPorts {
  readonly usageRecords: UsageRecords;
  readonly prices: Prices;
  readonly priceOverrides: PriceOverrides;
  /** The price sheets that come with this version. */
  readonly publishedSheets: readonly PriceSheet[];
  readonly cursorHash: CursorHash;
  readonly log: Log;
}
