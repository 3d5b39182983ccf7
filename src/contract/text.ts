/** Text, ids and times as the API takes and gives them. */
import { z } from 'zod';

/** What no name or note needs and every log and terminal suffers from: control characters, tab and newlines aside. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** Text of 1 to `most` UTF-16 units that is well-formed Unicode without control characters; kept literally. */
export function text(most: number) {
  return z
    .string()
    .min(1)
    .max(most, { abort: true })
    .refine((value) => value.isWellFormed(), 'holds half of a surrogate pair')
    .refine((value) => !CONTROL.test(value), 'holds a control character');
}

/** An id that Stipend has given out. */
export const id = z.uuid();

/** Before this no budget, job or call can be; and no zone takes a date from here on off the calendar of years 1 to 9999. */
const FIRST_DATE = '1900-01-01';
const [FIRST_MS, LAST_MS] = [Date.parse(FIRST_DATE), Date.parse('9999-12-31T23:59:59.999Z')];

/** A civil date, `YYYY-MM-DD`; it begins at 00:00 in the company's zone. */
export const date = z.iso
  .date('must be a date that exists, YYYY-MM-DD')
  .refine((value) => value >= FIRST_DATE, `must be ${FIRST_DATE} or later`);

/** RFC 3339, with a zone. */
export const time = z.iso.datetime({ offset: true, error: 'must be an RFC 3339 time with a zone' });

/** A moment in a query: an RFC 3339 time, or a date for its 00:00 in the company's zone. */
export const moment = z.union(
  [time.refine((value) => Date.parse(value) >= FIRST_MS && Date.parse(value) <= LAST_MS), date],
  'must be an RFC 3339 time or a date, YYYY-MM-DD, of the years 1900 to 9999',
);

/** A count of tokens or uses. */
export const count = z.int().min(0);
