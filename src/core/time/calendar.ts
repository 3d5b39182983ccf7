/**
 * Civil dates, and how they meet instants in a time zone. A recurrence is always anchor + n × interval, clamped to the
 * month's end, and never the last occurrence + one interval: 31 January monthly is 28 February and then 31 March.
 * Zones are IANA names, read by `Intl`. Functions that take a date throw a RangeError on a text that is none.
 */
import { type Instant, instant } from './instant.ts';

/** A day as ISO 8601 writes it, `YYYY-MM-DD`, years 0001 to 9999. It has no zone and no hour; it sorts as text. */
export type CivilDate = string;

export type CalendarUnit = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** A distance on the calendar; `count` is a whole number, at least 1. */
export interface CalendarInterval {
  readonly unit: CalendarUnit;
  readonly count: number;
}

/** A half-open stretch of time, [from, to). */
export interface Period {
  /** Which occurrence began it: 0 at the anchor, negative before it. */
  readonly index: number;
  readonly from: Instant;
  readonly to: Instant;
}

const DAY_MS = 86_400_000;
const DAYS = { day: 1, week: 7 } as const;
const MONTHS = { month: 1, quarter: 3, year: 12 } as const;

/** The text as a date; `undefined` when it is none, 31 February included. */
export function parseDate(text: string): CivilDate | undefined {
  return fieldsOf(text) && text;
}

/** Days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: CivilDate, to: CivilDate): number {
  return dayNumber(to) - dayNumber(from);
}

export function addDays(date: CivilDate, days: number): CivilDate {
  return fromDayNumber(dayNumber(date) + days);
}

/** `months` later, or earlier when negative, on the same day of the month or on its last day where it has none such. */
export function addMonths(date: CivilDate, months: number): CivilDate {
  const { year, month, day } = requireFields(date);
  const counted = year * 12 + (month - 1) + months;
  const target = { year: Math.floor(counted / 12), month: (((counted % 12) + 12) % 12) + 1 };
  return textOf({ ...target, day: Math.min(day, daysInMonth(target)) });
}

/** The `index`th occurrence of a recurrence that begins on `anchor`, which is its 0th. */
export function occurrence(anchor: CivilDate, every: CalendarInterval, index: number): CivilDate {
  const { unit, count } = every;
  if (unit === 'day' || unit === 'week') return addDays(anchor, DAYS[unit] * count * index);
  return addMonths(anchor, MONTHS[unit] * count * index);
}

/** The first instant of a day in a zone: 00:00, or where a clock change skips midnight, the first that exists. */
export function startOfDay(date: CivilDate, zone: string): Instant {
  return fromWallClock(dayNumber(date) * DAY_MS, zone);
}

/** The day an instant falls on in a zone. */
export function dateOf(at: Instant, zone: string): CivilDate {
  return fromDayNumber(Math.floor(wallClock(at, zone) / DAY_MS));
}

/**
 * The period of a recurrence that holds `at`. It recurs at the anchor's own time of day in the zone, whatever the clock
 * change did in between; a time of day that a change skips is taken just after it, one that comes twice the first time.
 */
export function periodAt(anchor: Instant, every: CalendarInterval, zone: string, at: Instant): Period {
  const wall = wallClock(anchor, zone);
  const first = fromDayNumber(Math.floor(wall / DAY_MS));
  const timeOfDay = wall - dayNumber(first) * DAY_MS;
  const begin = (index: number): Instant =>
    fromWallClock(dayNumber(occurrence(first, every, index)) * DAY_MS + timeOfDay, zone);
  let index = Math.floor((at - anchor) / longestMs(every));
  while (begin(index) > at) index -= 1;
  while (begin(index + 1) <= at) index += 1;
  return { index, from: begin(index), to: begin(index + 1) };
}

/** No interval is longer than this, so that dividing by it never counts an occurrence that has not come. */
function longestMs({ unit, count }: CalendarInterval): number {
  if (unit === 'day' || unit === 'week') return DAYS[unit] * count * DAY_MS;
  return MONTHS[unit] * count * 31 * DAY_MS;
}

interface DateFields {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

function fieldsOf(text: string): DateFields | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return undefined;
  const date = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  const real = date.year >= 1 && date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= daysInMonth(date);
  return real ? date : undefined;
}

function requireFields(date: CivilDate): DateFields {
  const fields = fieldsOf(date);
  if (!fields) throw new RangeError(`not a date: ${date}`);
  return fields;
}

function textOf({ year, month, day }: DateFields): CivilDate {
  return `${`${year}`.padStart(4, '0')}-${`${month}`.padStart(2, '0')}-${`${day}`.padStart(2, '0')}`;
}

function daysInMonth({ year, month }: Omit<DateFields, 'day'>): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days since 1970-01-01. */
function dayNumber(date: CivilDate): number {
  return dayNumberOf(requireFields(date));
}

function dayNumberOf({ year, month, day }: DateFields): number {
  // setUTCFullYear, because Date.UTC takes the years 0 to 99 for 1900 to 1999.
  return new Date(0).setUTCFullYear(year, month - 1, day) / DAY_MS;
}

function fromDayNumber(days: number): CivilDate {
  const date = new Date(days * DAY_MS);
  return textOf({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() });
}

/** What the clock on the wall shows in a zone, as if it were UTC, in milliseconds. */
function wallClock(at: Instant, zone: string): number {
  if (zone === 'UTC') return at;
  const shown: Record<string, number> = {};
  for (const { type, value } of clockOf(zone).formatToParts(at)) shown[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  const days = dayNumberOf({ year, month, day });
  return days * DAY_MS + hour * 3_600_000 + minute * 60_000 + second * 1_000 + (((at % 1_000) + 1_000) % 1_000);
}

/** The instant at which the wall clock of a zone shows `wall`: the first of two, or the end of the gap that skips it. */
function fromWallClock(wall: number, zone: string): Instant {
  if (zone === 'UTC') return instant(wall);
  // The offsets in force a day before and a day after are the only two that can be in force at `wall`.
  const offsets = [-DAY_MS, DAY_MS].map((shift) => wallClock(instant(wall + shift), zone) - (wall + shift));
  const candidates = offsets.map((offset) => wall - offset).filter((at) => wallClock(instant(at), zone) === wall);
  if (candidates.length > 0) return instant(Math.min(...candidates));
  return endOfGap(wall, wall - Math.max(...offsets), wall - Math.min(...offsets), zone);
}

/** The first instant in (`before`, `after`] at which the wall clock has passed `wall`, found by halving. */
function endOfGap(wall: number, before: number, after: number, zone: string): Instant {
  let low = before;
  let high = after;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (wallClock(instant(middle), zone) > wall) high = middle;
    else low = middle;
  }
  return instant(high);
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter is a thousand times dearer than using one. Throws a RangeError on an unknown zone. */
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  clocks.set(zone, clock);
  return clock;
}

/** Whether `Intl` knows a zone by this name. */
export function isZone(zone: string): boolean {
  try {
    clockOf(zone);
    return true;
  } catch {
    return false;
  }
}
