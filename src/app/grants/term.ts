/** When a promise is spendable: from 00:00 of one civil date to 00:00 of another, in the company's zone. */
import { startOfDay } from '../../core/time/calendar.ts';
import { unfit } from '../missing.ts';
import type { Term } from '../ports/promises.ts';

/**
 * Either date may have passed: what a company promised before it ran Stipend is brought in as it was, and what ended
 * since is expired from the start. Throws `Refused(unprocessable)` for an end that is not after the beginning.
 */
export function termOf(asked: { readonly effectiveOn: string; readonly expiresOn?: string }, zone: string): Term {
  const { effectiveOn, expiresOn } = asked;
  const effectiveAt = startOfDay(effectiveOn, zone);
  if (expiresOn === undefined) return { effectiveOn, effectiveAt };
  const expiresAt = startOfDay(expiresOn, zone);
  if (expiresAt <= effectiveAt) throw unfit('/expiresOn', 'must be after effectiveOn');
  return { effectiveOn, effectiveAt, expiresOn, expiresAt };
}
