/** Points in time. Stored in UTC, in whole milliseconds; civil dates and zones live in `calendar.ts`. */
declare const unit: unique symbol;

/** Milliseconds since 1970-01-01T00:00Z, an integer. */
export type Instant = number & { readonly [unit]: 'ms' };

/** Names a count of milliseconds since the epoch an Instant. Throws a RangeError on anything but a whole number. */
export function instant(epochMs: number): Instant {
  if (!Number.isSafeInteger(epochMs)) throw new RangeError(`not a whole number of milliseconds: ${epochMs}`);
  return epochMs as Instant;
}

/** RFC 3339 in UTC, with milliseconds. */
export function formatInstant(at: Instant): string {
  return new Date(at).toISOString();
}
