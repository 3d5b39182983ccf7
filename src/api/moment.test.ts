import { expect, it } from 'vitest';
import { readMoment } from './moment.ts';

it.each([
  ['2026-07-01', 'UTC', '2026-07-01T00:00:00.000Z'],
  ['2026-07-01', 'Europe/Berlin', '2026-06-30T22:00:00.000Z'],
  ['2026-07-01T02:00:00.1239+02:00', 'Europe/Berlin', '2026-07-01T00:00:00.123Z'],
])('%s in %s is %s', (text, zone, expected) => expect(new Date(readMoment(text, zone)).toISOString()).toBe(expected));
