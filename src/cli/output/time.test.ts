import { describe, expect, it } from 'vitest';
import { showTime } from './time.ts';

describe('a time on the screen', () => {
  it.each([
    ['2026-11-23T22:30:00Z', 'UTC', '2026-11-23 22:30:00'],
    ['2026-11-23T22:30:00.000Z', 'Asia/Kolkata', '2026-11-24 04:00:00'],
    ['2026-07-01T00:00:00Z', 'America/New_York', '2026-06-30 20:00:00'],
    ['2026-11-23T00:00:00Z', 'UTC', '2026-11-23 00:00:00'],
  ])('shows %s in %s as %s', (at, zone, text) => expect(showTime(at, zone)).toBe(text));

  it('leaves what is no time as it is', () => expect(showTime('never', 'UTC')).toBe('never'));
});
