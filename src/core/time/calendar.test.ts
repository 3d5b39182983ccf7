import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  type CalendarInterval,
  dateOf,
  daysBetween,
  isZone,
  occurrence,
  parseDate,
  periodAt,
  startOfDay,
} from './calendar.ts';
import { formatInstant, type Instant, instant } from './instant.ts';

const at = (text: string): Instant => instant(Date.parse(text));
const monthly: CalendarInterval = { unit: 'month', count: 1 };

const dates = fc
  .integer({ min: -719_162 + 40_000, max: 2_932_896 - 40_000 })
  .map((days) => addDays('1970-01-01', days));
const intervals = fc.record({
  unit: fc.constantFrom('day', 'week', 'month', 'quarter', 'year'),
  count: fc.integer({ min: 1, max: 5 }),
}) satisfies fc.Arbitrary<CalendarInterval>;
const zones = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Pacific/Apia',
  'Africa/Cairo',
  'America/Santiago',
);

describe('a civil date', () => {
  it.each(['2024-02-30', '2023-02-29', '2024-13-01', '2024-00-10', '0000-01-01', '2024-1-1', '2024-01-01T00:00Z', ''])(
    'is not read from %j',
    (text) => expect(parseDate(text)).toBeUndefined(),
  );

  it('is the text it was read from', () => {
    fc.assert(
      fc.property(dates, (each) => {
        expect(parseDate(each)).toBe(each);
      }),
    );
    expect(() => addDays('2025-02-29', 1)).toThrow(RangeError);
  });

  it('counts its days the same way forwards and backwards', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: -10_000, max: 10_000 }), (from, days) => {
        const to = addDays(from, days);
        expect(daysBetween(from, to)).toBe(days);
        expect(to > from).toBe(days > 0);
      }),
    );
  });

  it.each([
    ['2025-01-31', 1, '2025-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2025-06-30', 1, '2025-07-30'],
    ['2025-01-31', -2, '2024-11-30'],
    ['2024-12-15', 13, '2026-01-15'],
    ['2025-01-01', -12, '2024-01-01'],
  ])('%s and %i months is %s', (from, months, to) => expect(addMonths(from, months)).toBe(to));
});

describe('a recurrence', () => {
  it('is reckoned from its anchor, so a short month does not shorten those after it', () => {
    const days = [0, 1, 2, 3, 4].map((index) => occurrence('2025-01-31', monthly, index));
    expect(days).toEqual(['2025-01-31', '2025-02-28', '2025-03-31', '2025-04-30', '2025-05-31']);
  });

  it('yearly from 29 February 2020 is 28 February in 2022 and 29 February in 2024', () => {
    const yearly: CalendarInterval = { unit: 'year', count: 1 };
    expect(occurrence('2020-02-29', yearly, 2)).toBe('2022-02-28');
    expect(occurrence('2020-02-29', yearly, 4)).toBe('2024-02-29');
  });

  it('monthly from 2025-01-31T15:00Z has at 2025-08-13 the period from 07-31T15:00 to 08-31T15:00', () => {
    const period = periodAt(at('2025-01-31T15:00Z'), monthly, 'UTC', at('2025-08-13T00:00Z'));
    expect([period.index, formatInstant(period.from), formatInstant(period.to)]).toEqual([
      6,
      '2025-07-31T15:00:00.000Z',
      '2025-08-31T15:00:00.000Z',
    ]);
  });

  it('keeps its time of day over a clock change', () => {
    const daily: CalendarInterval = { unit: 'day', count: 1 };
    const period = periodAt(at('2025-03-01T09:00+01:00'), daily, 'Europe/Berlin', at('2025-03-30T12:00+02:00'));
    expect(formatInstant(period.from)).toBe('2025-03-30T07:00:00.000Z');
    const skipped = periodAt(at('2025-03-01T02:30+01:00'), daily, 'Europe/Berlin', at('2025-03-30T12:00+02:00'));
    expect(formatInstant(skipped.from)).toBe('2025-03-30T01:00:00.000Z');
  });

  it('has exactly one period for every instant, and its end begins the next', () => {
    const instants = fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2035, 0, 1) }).map(instant);
    fc.assert(
      fc.property(instants, intervals, zones, instants, (anchor, every, zone, asked) => {
        const period = periodAt(anchor, every, zone, asked);
        expect(period.from <= asked && asked < period.to).toBe(true);
        const next = periodAt(anchor, every, zone, period.to);
        expect([next.index, next.from]).toEqual([period.index + 1, period.to]);
      }),
    );
  });
});

describe('a day in a zone', () => {
  it.each([
    ['2025-03-30', 'Europe/Berlin', '2025-03-29T23:00:00.000Z'],
    ['2025-03-31', 'Europe/Berlin', '2025-03-30T22:00:00.000Z'],
    ['2025-11-02', 'America/New_York', '2025-11-02T04:00:00.000Z'],
    ['2025-07-01', 'Asia/Kolkata', '2025-06-30T18:30:00.000Z'],
    // Midnight itself is skipped: the day begins at 01:00.
    ['2024-09-08', 'America/Santiago', '2024-09-08T04:00:00.000Z'],
    // Midnight comes twice: the day begins at the first.
    ['2024-11-03', 'America/Havana', '2024-11-03T04:00:00.000Z'],
  ])('%s in %s begins at %s', (day, zone, start) => expect(formatInstant(startOfDay(day, zone))).toBe(start));

  it('begins on itself, and a millisecond earlier it is the day before', () => {
    const days = fc.integer({ min: 16_500, max: 24_000 }).map((count) => addDays('1970-01-01', count));
    fc.assert(
      fc.property(days, zones, (day, zone) => {
        const start = startOfDay(day, zone);
        expect(dateOf(start, zone)).toEqual(day);
        expect(dateOf(instant(start - 1), zone) < day).toBe(true);
      }),
    );
  });

  it('needs a zone that exists', () => {
    expect([isZone('Europe/Berlin'), isZone('Europe/Atlantis'), isZone('UTC')]).toEqual([true, false, true]);
  });
});
