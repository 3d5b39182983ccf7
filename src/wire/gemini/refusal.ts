/**
 * Refusals in the words of Google's APIs: `{"error":{"code","message","status","details"?}}`.
 * Source: cloud.google.com/apis/design/errors.
 */
import { REFUSALS, type Refusal, type RefusalCode, retryOf } from '../../core/errors.ts';
import type { RefusalContext, WireAnswer } from '../framing/wire.ts';

interface Spelling {
  readonly status: string;
  /** Where Google's clients know another HTTP status than the table of refusals has. */
  readonly http?: number;
  /** Told when the refusal itself does not say. */
  readonly retryAfterSeconds?: number;
}

const invalidArgument: Spelling = { status: 'INVALID_ARGUMENT' };
const permissionDenied: Spelling = { status: 'PERMISSION_DENIED' };
const unauthenticated: Spelling = { status: 'UNAUTHENTICATED' };

const SPELLINGS: Readonly<Record<RefusalCode, Spelling>> = {
  key_unknown: unauthenticated,
  key_revoked: unauthenticated,
  budget_exhausted: { status: 'FAILED_PRECONDITION' },
  policy_denied: permissionDenied,
  model_not_allowed: permissionDenied,
  model_not_priced: permissionDenied,
  invalid: invalidArgument,
  not_found: { status: 'NOT_FOUND' },
  method_not_allowed: invalidArgument,
  request_timeout: invalidArgument,
  conflict: { status: 'ABORTED' },
  too_large: invalidArgument,
  wrong_type: invalidArgument,
  unprocessable: invalidArgument,
  upgrade_refused: invalidArgument,
  rate_limited: { status: 'RESOURCE_EXHAUSTED', retryAfterSeconds: 1 },
  headers_too_large: invalidArgument,
  internal: { status: 'INTERNAL' },
  upstream_failed: { status: 'UNAVAILABLE' },
  store_unavailable: { status: 'UNAVAILABLE', retryAfterSeconds: 1 },
  upstream_timeout: { status: 'DEADLINE_EXCEEDED' },
  loop: invalidArgument,
  // 529 is Anthropic's own; Google's clients know an overloaded provider as 503.
  upstream_overloaded: { status: 'UNAVAILABLE', http: 503 },
};

const encoder = new TextEncoder();

/** A refusal before the first byte: status, headers and body as Google's clients expect them. */
export function refuse(refusal: Refusal, context: RefusalContext): WireAnswer {
  return {
    status: httpStatus(refusal.code),
    headers: headersOf(refusal, context),
    body: encoder.encode(bodyOf(refusal)),
  };
}

/**
 * A refusal inside a stream that has begun: an event whose data is an error, on which Google's SDKs raise. In a stream
 * that is a JSON array it makes the array one that does not parse. The blank line before it ends whatever event the
 * provider left half said.
 */
export function breakStream(refusal: Refusal): Uint8Array {
  return encoder.encode(`\n\ndata: ${bodyOf(refusal)}\n\n`);
}

function bodyOf(refusal: Refusal): string {
  const { code, message } = refusal;
  const seconds = retryAfter(refusal);
  const retryInfo = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${seconds}s` };
  const details = seconds === undefined ? {} : { details: [retryInfo] };
  return JSON.stringify({ error: { code: httpStatus(code), message, status: SPELLINGS[code].status, ...details } });
}

function headersOf(refusal: Refusal, { requestId }: RefusalContext): Record<string, string> {
  const headers = { 'content-type': 'application/json; charset=UTF-8', 'x-request-id': requestId };
  if (retryOf(refusal) === 'never') return { ...headers, 'x-should-retry': 'false' };
  const seconds = retryAfter(refusal);
  return seconds === undefined ? headers : { ...headers, 'retry-after': String(seconds) };
}

function httpStatus(code: RefusalCode): number {
  return SPELLINGS[code].http ?? REFUSALS[code].status;
}

/** Whole seconds to wait; `undefined` where waiting does not help, or nobody knows how long. */
function retryAfter(refusal: Refusal): number | undefined {
  if (retryOf(refusal) === 'never') return undefined;
  const seconds = refusal.retryAfterSeconds ?? SPELLINGS[refusal.code].retryAfterSeconds;
  return seconds === undefined ? undefined : Math.ceil(seconds);
}
