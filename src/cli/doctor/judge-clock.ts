import { aside, type Finding, ill, well } from './finding.ts';

/** Beyond this, times that people see stop making sense; signed links and key dates begin to fail soon after. */
const SKEW_MOST_S = 60;

/**
 * Whether this machine and the server agree on the time.
 *
 * @param dateHeader the `Date` of an answer, whole seconds
 * @param now this machine's clock when it came, milliseconds since the epoch
 */
export function judgeClock(dateHeader: string | null, now: number): Finding {
  const at = Date.parse(dateHeader ?? '');
  if (Number.isNaN(at)) return aside('The server does not say what time it is.');
  const skew = Math.round((now - at) / 1000);
  if (Math.abs(skew) <= SKEW_MOST_S) return well('The clocks agree.');
  const direction = skew > 0 ? 'ahead of' : 'behind';
  return ill(
    `This machine’s clock is ${Math.abs(skew)} s ${direction} the server’s.`,
    'Set it, or turn time synchronisation on.',
  );
}
