/** The same id asked again: the same answer for the same question, and a no that names what differs for another one. */
import type { CallFacts, LedgerOperation, LedgerOutcome } from './operations.ts';
import type { Answered } from './state.ts';

/** Each field of an operation as text that is the same whatever the order of its keys. */
export function askedOf(operation: LedgerOperation): Readonly<Record<string, string>> {
  const fields = Object.entries(operation).filter(([field, value]) => field !== 'id' && value !== undefined);
  return Object.fromEntries(fields.map(([field, value]) => [field, canonical(value)]));
}

/** The first answer again, or the refusal of an id that was used for something else. */
export function answeredBefore(first: Answered, operation: LedgerOperation): LedgerOutcome {
  const asked = askedOf(operation);
  const fields = new Set([...Object.keys(first.asked), ...Object.keys(asked)]);
  const differs = [...fields].filter((field) => first.asked[field] !== asked[field]);
  const { outcome } = first;
  if (differs.length > 0) return { ok: false, at: outcome.at, refusal: { why: 'id_reused', differs } };
  return outcome.ok ? { ...outcome, repeated: true } : outcome;
}

/** The fields in which a kept row differs from what is asked now; a call's own `requestId` may differ on a retry. */
export function changedFields<Row>(row: Row, asked: { readonly [Field in keyof Row]?: unknown }): string[] {
  const fields = Object.keys(asked) as (keyof Row & string)[];
  return fields.filter((field) => comparable(row[field]) !== comparable(asked[field]));
}

function comparable(value: unknown): string {
  return canonical(isCall(value) ? { ...value, requestId: undefined } : value);
}

function isCall(value: unknown): value is CallFacts {
  return typeof value === 'object' && value !== null && 'requestId' in value;
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) => {
      if (typeof part === 'bigint') return `${part}`;
      if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
      return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
    }) ?? ''
  );
}
