/** Refusals in the words of OpenAI's API: `{"error":{"message","type","param","code"}}`, as its error guide has them. */
import { REFUSALS, type Refusal, type RefusalCode, retryOf } from '../../core/errors.ts';
import type { RefusalContext, WireAnswer } from '../framing/wire.ts';

interface Spelling {
  readonly type: string;
  readonly code: string | null;
  /** Where OpenAI's clients know another status than the table of refusals has. */
  readonly status?: number;
  /** Told when the refusal itself does not say. */
  readonly retryAfterSeconds?: number;
}

const invalidRequest: Spelling = { type: 'invalid_request_error', code: null };
const serverError: Spelling = { type: 'server_error', code: null };

const SPELLINGS: Readonly<Record<RefusalCode, Spelling>> = {
  key_unknown: { type: 'invalid_request_error', code: 'invalid_api_key' },
  key_revoked: { type: 'invalid_request_error', code: 'invalid_api_key' },
  budget_exhausted: { type: 'insufficient_quota', code: 'insufficient_quota' },
  policy_denied: { type: 'invalid_request_error', code: 'policy_denied' },
  model_not_allowed: { type: 'invalid_request_error', code: 'model_not_allowed' },
  model_not_priced: { type: 'invalid_request_error', code: 'model_not_priced' },
  invalid: invalidRequest,
  not_found: { type: 'invalid_request_error', code: 'model_not_found' },
  method_not_allowed: invalidRequest,
  request_timeout: invalidRequest,
  conflict: invalidRequest,
  too_large: invalidRequest,
  wrong_type: invalidRequest,
  unprocessable: invalidRequest,
  upgrade_refused: invalidRequest,
  rate_limited: { type: 'requests', code: 'rate_limit_exceeded', retryAfterSeconds: 1 },
  headers_too_large: invalidRequest,
  internal: serverError,
  upstream_failed: serverError,
  store_unavailable: { ...serverError, retryAfterSeconds: 1 },
  upstream_timeout: serverError,
  loop: invalidRequest,
  // 529 is Anthropic's own; OpenAI's clients know an overloaded provider as 503.
  upstream_overloaded: { ...serverError, status: 503 },
};

const encoder = new TextEncoder();

/** A refusal before the first byte: status, headers and body as OpenAI's clients expect them. */
export function refuse(refusal: Refusal, context: RefusalContext): WireAnswer {
  return {
    status: SPELLINGS[refusal.code].status ?? REFUSALS[refusal.code].status,
    headers: headersOf(refusal, context),
    body: encoder.encode(JSON.stringify(bodyOf(refusal))),
  };
}

/**
 * A refusal inside a stream that has begun: an event whose data is an error, on which OpenAI's SDKs raise. Never
 * `[DONE]`. The blank line before it ends whatever event the provider left half said.
 */
export function breakStream(refusal: Refusal): Uint8Array {
  return encoder.encode(`\n\ndata: ${JSON.stringify(bodyOf(refusal))}\n\n`);
}

function bodyOf(refusal: Refusal): { error: { message: string; type: string; param: null; code: string | null } } {
  const { type, code } = SPELLINGS[refusal.code];
  return { error: { message: refusal.message, type, param: null, code } };
}

function headersOf(refusal: Refusal, context: RefusalContext): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'application/json', 'x-request-id': context.requestId };
  if (retryOf(refusal) === 'never') return { ...headers, 'x-should-retry': 'false' };
  const seconds = refusal.retryAfterSeconds ?? SPELLINGS[refusal.code].retryAfterSeconds;
  return seconds === undefined ? headers : { ...headers, 'retry-after': String(Math.ceil(seconds)) };
}
