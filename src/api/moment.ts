/** Points in time as queries name them. */
import { startOfDay } from '../core/time/calendar.ts';
import { type Instant, instant } from '../core/time/instant.ts';

/** An RFC 3339 time, to the millisecond; or a date, for its 00:00 in the company's zone. Both were checked before. */
export function readMoment(text: string, zone: string): Instant {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? startOfDay(text, zone) : instant(Date.parse(text));
}
