/**
 * Refusals in the words of OpenAI's API: `{"error":{"message","type","param","code"}}`, as its error guide has them.
 * Codex would send a 402 again and lose its message, so that a spent budget is told to it in words of its own.
 */
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
  const toCodex = context.client === 'codex' && refusal.code === 'budget_exhausted';
  return (toCodex ? spentBudgetToCodex(refusal, context) : undefined) ?? plainly(refusal, context);
}

/**
 * A refusal inside a stream that has begun. OpenAI's SDKs raise on nothing here, so the response is told to have
 * failed. The blank line before it ends whatever event the provider left half said.
 */
export function breakStream(refusal: Refusal, context: RefusalContext): Uint8Array {
  return encoder.encode(`\n\n${failedEvent(refusal, context)}`);
}

function plainly(refusal: Refusal, context: RefusalContext): WireAnswer {
  const { type, code, status } = SPELLINGS[refusal.code];
  const error = { message: refusal.message, type, param: null, code };
  return {
    status: status ?? REFUSALS[refusal.code].status,
    headers: { ...headersOf(refusal, context), 'content-type': 'application/json' },
    body: encoder.encode(JSON.stringify({ error })),
  };
}

/**
 * What Codex prints once, without asking again: with a day of renewal its own 429, of which it shows the date and what
 * the header adds; with none a stream that fails for the prompt's sake. It takes neither without having asked for one.
 */
function spentBudgetToCodex(refusal: Refusal, context: RefusalContext): WireAnswer | undefined {
  const headers = headersOf(refusal, context);
  const renewsAt = refusal.budget?.renewsAt;
  if (renewsAt !== undefined) {
    const resetsAt = Math.ceil(renewsAt / 1_000);
    const error = {
      type: 'usage_limit_reached',
      message: refusal.message,
      plan_type: 'enterprise',
      resets_at: resetsAt,
    };
    return {
      status: 429,
      headers: { ...headers, 'content-type': 'application/json', 'x-codex-promo-message': promotion(refusal.message) },
      body: encoder.encode(JSON.stringify({ error })),
    };
  }
  if (!context.stream) return undefined;
  return {
    status: 200,
    headers: { ...headers, 'content-type': 'text/event-stream' },
    body: encoder.encode(failedEvent(refusal, context)),
  };
}

/** One line of ASCII, which a header can carry, without the full stop: Codex goes on with `, or try again at …`. */
function promotion(message: string): string {
  const ascii = message
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[‘’]/g, "'")
    .replace(/[^\x20-\x7e]+/g, ' ');
  return ascii.trim().replace(/\.$/, '');
}

/** Above every number that the provider's events had: clients may order by it. */
const LAST_SEQUENCE_NUMBER = 2_147_483_647;

function failedEvent(refusal: Refusal, context: RefusalContext): string {
  const response = {
    id: `resp_${context.requestId}`,
    object: 'response',
    created_at: 0,
    status: 'failed',
    error: { code: failureCode(refusal, context), message: refusal.message },
    incomplete_details: null,
    model: '',
    output: [],
    usage: null,
  };
  const event = { type: 'response.failed', sequence_number: LAST_SEQUENCE_NUMBER, response };
  return `event: response.failed\ndata: ${JSON.stringify(event)}\n\n`;
}

/** Codex sends again what failed for any reason but the prompt. */
function failureCode(refusal: Refusal, context: RefusalContext): string {
  if (context.client === 'codex' && retryOf(refusal) === 'never') return 'invalid_prompt';
  return SPELLINGS[refusal.code].code ?? 'server_error';
}

function headersOf(refusal: Refusal, context: RefusalContext): Record<string, string> {
  const headers = { 'x-request-id': context.requestId };
  if (retryOf(refusal) === 'never') return { ...headers, 'x-should-retry': 'false' };
  const seconds = refusal.retryAfterSeconds ?? SPELLINGS[refusal.code].retryAfterSeconds;
  return seconds === undefined ? headers : { ...headers, 'retry-after': String(Math.ceil(seconds)) };
}
