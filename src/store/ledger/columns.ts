/**
 * Rows as columns, the way `unnest` takes many rows in one statement. The literals are written here, because the
 * driver's own way through nested arrays costs more than the statement itself.
 */

/** Numbers, bigints, UUIDs and our own words, none of which needs quoting; absent is NULL. */
export function plain(values: readonly (string | number | bigint | undefined)[]): string {
  return `{${values.map((value) => (value === undefined ? 'NULL' : value)).join(',')}}`;
}

/** Any text; absent is NULL. */
export function quoted(values: readonly (string | undefined)[]): string {
  return `{${values.map((value) => (value === undefined ? 'NULL' : quote(value))).join(',')}}`;
}

/** A text without what PostgreSQL cannot store in one: NUL and lone surrogates become the replacement character. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** JSON for JSONB, its texts made storable; a bigint becomes a decimal string. */
export function json(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}` : part));
  // Only what is not storable (and some control characters) comes out escaped like this; a pair `\\` is a backslash.
  if (!text.includes('\\u')) return text;
  return text.replace(/\\\\|\\u(?:0000|d[89a-f][0-9a-f]{2})/g, (part) => (part === '\\\\' ? part : '\uFFFD'));
}

/** Reads the text of a one-dimensional array of numbers or UUIDs. */
export function items(literal: string): string[] {
  return literal === '{}' ? [] : literal.slice(1, -1).split(',');
}

function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
