/** The price sheet in force: the published ones that come with this version, and the operator's approved overrides. */

import type { PriceOverrides } from '../app/ports/price-overrides.ts';
import type { Prices } from '../app/ports.ts';
import { sheetInForce } from '../core/pricing/overrides.ts';
import type { PriceSheet } from '../core/pricing/sheet.ts';
import { dateOf } from '../core/time/calendar.ts';
import type { Instant } from '../core/time/instant.ts';
import type { Listener } from './listener.ts';

/** A day's sheet is made once and used until an approval is heard of, or news of one may have been missed. */
export function openPrices(published: readonly PriceSheet[], overrides: PriceOverrides, listener: Listener): Prices {
  let known: { readonly day: string; readonly sheet: Promise<PriceSheet> } | undefined;
  const forget = () => {
    known = undefined;
  };
  listener.on('stipend_prices', forget, forget);

  const read = async (day: string) => sheetInForce(published, await overrides.approved(), day);

  return {
    sheet: (when: Instant) => {
      const day = dateOf(when, 'UTC');
      if (!listener.isCurrent()) return read(day);
      if (known?.day === day) return known.sheet;
      const sheet = read(day);
      known = { day, sheet };
      // A failure is this caller's; the next one tries again.
      sheet.catch(() => {
        if (known?.sheet === sheet) forget();
      });
      return sheet;
    },
  };
}
