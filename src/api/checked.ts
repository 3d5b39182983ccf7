/** Checks what was sent against the contract; every fault is told by its place. */
import type { z } from 'zod';
import { refused } from '../core/errors.ts';

type Issue = z.core.$ZodIssue;

/** What the schema makes of the value. Throws `Refused(unprocessable)` with a JSON pointer for each fault. */
export function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap(faultsOf).slice(0, FAULTS_MOST);
  const [first] = problems;
  throw refused(
    'unprocessable',
    first ? `${first.pointer.slice(1) || 'The request'}: ${first.message}` : 'The request does not fit.',
    { problems },
  );
}

/** More would tell nobody more. */
const FAULTS_MOST = 50;

function faultsOf(issue: Issue): { readonly pointer: string; readonly message: string }[] {
  if (issue.code !== 'unrecognized_keys') return [{ pointer: pointerTo(issue.path), message: issue.message }];
  return issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), message: 'is not a field of this' }));
}

/** RFC 6901. */
function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 200)}`).join('');
}
