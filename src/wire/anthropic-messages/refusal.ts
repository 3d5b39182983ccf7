/**
 * Refusals in the words of Anthropic's API: `{"type":"error","error":{"type","message"},"request_id"}`.
 * Source: platform.claude.com/docs/en/api/errors.
 */
import { REFUSALS, type Refusal, type RefusalCode, retryOf } from '../../core/errors.ts';
import type { RefusalContext, WireAnswer } from '../framing/wire.ts';

type ErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'billing_error'
  | 'permission_error'
  | 'not_found_error'
  | 'request_too_large'
  | 'rate_limit_error'
  | 'timeout_error'
  | 'api_error'
  | 'overloaded_error';

const TYPES: Readonly<Record<RefusalCode, ErrorType>> = {
  key_unknown: 'authentication_error',
  key_revoked: 'authentication_error',
  budget_exhausted: 'billing_error',
  policy_denied: 'permission_error',
  model_not_allowed: 'permission_error',
  model_not_priced: 'permission_error',
  invalid: 'invalid_request_error',
  not_found: 'not_found_error',
  method_not_allowed: 'invalid_request_error',
  request_timeout: 'invalid_request_error',
  conflict: 'invalid_request_error',
  too_large: 'request_too_large',
  wrong_type: 'invalid_request_error',
  unprocessable: 'invalid_request_error',
  upgrade_refused: 'invalid_request_error',
  rate_limited: 'rate_limit_error',
  headers_too_large: 'invalid_request_error',
  internal: 'api_error',
  upstream_failed: 'api_error',
  store_unavailable: 'api_error',
  upstream_timeout: 'timeout_error',
  loop: 'invalid_request_error',
  upstream_overloaded: 'overloaded_error',
};

/** Seconds to wait where the refusal itself does not say. */
const RETRY_AFTER: Readonly<Partial<Record<RefusalCode, number>>> = { rate_limited: 1, store_unavailable: 1 };

const encoder = new TextEncoder();

/** A refusal before the first byte: status, headers and body as Anthropic's clients expect them. */
export function refuse(refusal: Refusal, context: RefusalContext): WireAnswer {
  return {
    status: REFUSALS[refusal.code].status,
    headers: headersOf(refusal, context),
    body: encoder.encode(bodyOf(refusal, context)),
  };
}

/**
 * A refusal inside a stream that has begun: an `error` event, on which Anthropic's SDKs raise. Never `message_stop`.
 * The blank line before it ends whatever event the provider left half said.
 */
export function breakStream(refusal: Refusal, context: RefusalContext): Uint8Array {
  return encoder.encode(`\n\nevent: error\ndata: ${bodyOf(refusal, context)}\n\n`);
}

function bodyOf({ code, message }: Refusal, { requestId }: RefusalContext): string {
  return JSON.stringify({ type: 'error', error: { type: TYPES[code], message }, request_id: requestId });
}

function headersOf(refusal: Refusal, { requestId }: RefusalContext): Record<string, string> {
  const headers = { 'content-type': 'application/json', 'request-id': requestId, 'x-request-id': requestId };
  if (retryOf(refusal) === 'never') return { ...headers, 'x-should-retry': 'false' };
  const seconds = refusal.retryAfterSeconds ?? RETRY_AFTER[refusal.code];
  return seconds === undefined ? headers : { ...headers, 'retry-after': String(Math.ceil(seconds)) };
}
