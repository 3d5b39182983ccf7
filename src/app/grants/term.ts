/** When a promise is spendable: from 00:00 of one civil date to 00:00 of another, in the company's zone. */
import { startOfDay } from '../../core/time/calendar.ts';
import type { Instant } from '../../core/time/instant.ts';
import { unfit } from '../missing.ts';
import type { Term } from '../ports/promises.ts';

/** Throws `Refused(unprocessable)` for an end that has passed, or is not after the beginning. */
export function termOf(
  asked: { readonly effectiveOn: string; readonly expiresOn?: string },
  zone: string,
  now: Instant,
): Term {
  const { effectiveOn, expiresOn } = asked;
  const effectiveAt = startOfDay(effectiveOn, zone);
  if (expiresOn === undefined) return { effectiveOn, effectiveAt };
  const expiresAt = startOfDay(expiresOn, zone);
  if (expiresAt <= effectiveAt) throw unfit('/expiresOn', 'must be after effectiveOn');
  if (expiresAt <= now) throw unfit('/expiresOn', 'has passed, so that nothing of it could ever be spent');
  return { effectiveOn, effectiveAt, expiresOn, expiresAt };
}
