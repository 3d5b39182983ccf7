/** Named changes to a request's own bytes: what is not named stays byte for byte. */
import type { JsonMember, JsonSpan, ScannedObject } from './json-scan.ts';

/** Puts `json` in the place of the bytes of `span`; an empty span inserts. */
export interface Splice {
  readonly span: JsonSpan;
  readonly json: string;
}

const TEXT = new TextEncoder();

/** `bytes` with the splices made; the very same array when there are none. Spans must not overlap. */
export function splice(bytes: Uint8Array, splices: readonly Splice[]): Uint8Array {
  if (splices.length === 0) return bytes;
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const { span, json } of splices.toSorted((a, b) => a.span.start - b.span.start)) {
    parts.push(bytes.subarray(from, span.start), TEXT.encode(json));
    from = span.end;
  }
  parts.push(bytes.subarray(from));
  return concatBytes(parts);
}

/**
 * The splices that give `object` these members (key → JSON text of the value): the value of a member that is there is
 * replaced, the last one where a key stands twice; the others are put in before the closing brace, in one splice.
 */
export function setMembers(object: ScannedObject, values: Readonly<Record<string, string>>): readonly Splice[] {
  const splices: Splice[] = [];
  const added: string[] = [];
  for (const [key, json] of Object.entries(values)) {
    const member = object.members.findLast((each) => each.key === key);
    if (member) splices.push({ span: member.value, json });
    else added.push(`${JSON.stringify(key)}:${json}`);
  }
  if (added.length > 0) splices.push(insertion(object.span, object.members.at(-1), added.join(',')));
  return splices;
}

/** The parts in one array. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function insertion(object: JsonSpan, last: JsonMember | undefined, members: string): Splice {
  const at = last ? last.value.end : object.start + 1;
  return { span: { start: at, end: at }, json: last ? `,${members}` : members };
}
