import { describe, expect, it } from 'vitest';
import { REFUSALS, type RefusalCode } from '../../core/errors.ts';
import { refuse } from './refusal.ts';

const context = { requestId: 'req_1', client: 'other', stream: false } as const;
const message = 'Your budget is spent: $0.00 is left.';

function answerTo(code: RefusalCode, retryAfterSeconds?: number) {
  const refusal = { code, message, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  const { status, headers, body } = refuse(refusal, context);
  return { status, headers, body: JSON.parse(new TextDecoder().decode(body)) };
}

const words: Record<RefusalCode, [status: number, type: string, code: string | null]> = {
  key_unknown: [401, 'invalid_request_error', 'invalid_api_key'],
  key_revoked: [401, 'invalid_request_error', 'invalid_api_key'],
  budget_exhausted: [402, 'insufficient_quota', 'insufficient_quota'],
  policy_denied: [403, 'invalid_request_error', 'policy_denied'],
  model_not_allowed: [403, 'invalid_request_error', 'model_not_allowed'],
  model_not_priced: [403, 'invalid_request_error', 'model_not_priced'],
  invalid: [400, 'invalid_request_error', null],
  not_found: [404, 'invalid_request_error', 'model_not_found'],
  method_not_allowed: [405, 'invalid_request_error', null],
  request_timeout: [408, 'invalid_request_error', null],
  conflict: [409, 'invalid_request_error', null],
  too_large: [413, 'invalid_request_error', null],
  wrong_type: [415, 'invalid_request_error', null],
  unprocessable: [422, 'invalid_request_error', null],
  upgrade_refused: [426, 'invalid_request_error', null],
  rate_limited: [429, 'requests', 'rate_limit_exceeded'],
  headers_too_large: [431, 'invalid_request_error', null],
  internal: [500, 'server_error', null],
  upstream_failed: [502, 'server_error', null],
  store_unavailable: [503, 'server_error', null],
  upstream_timeout: [504, 'server_error', null],
  loop: [508, 'invalid_request_error', null],
  upstream_overloaded: [503, 'server_error', null],
};

const codes = Object.keys(REFUSALS) as RefusalCode[];

describe('a refusal in the words of embeddings', () => {
  it.each(codes)('%s has its status, type and code', (refused) => {
    const [status, type, code] = words[refused];
    const answer = answerTo(refused);
    expect({ status: answer.status, body: answer.body }).toEqual({
      status,
      body: { error: { message, type, param: null, code } },
    });
  });

  it.each(codes)('%s says whether to come back, and by which id to ask about it', (code) => {
    const { headers } = answerTo(code);
    const never = REFUSALS[code].retry === 'never';
    expect(headers['x-request-id']).toBe('req_1');
    expect(headers['content-type']).toBe('application/json');
    expect(headers['x-should-retry']).toBe(never ? 'false' : undefined);
    if (never) expect(headers).not.toHaveProperty('retry-after');
  });

  it('that passes soon says so in whole seconds', () => {
    expect(answerTo('rate_limited').headers['retry-after']).toBe('1');
    expect(answerTo('store_unavailable').headers['retry-after']).toBe('1');
    expect(answerTo('rate_limited', 2.4).headers['retry-after']).toBe('3');
    expect(answerTo('internal').headers).not.toHaveProperty('retry-after');
    expect(answerTo('budget_exhausted', 60).headers).not.toHaveProperty('retry-after');
  });
});
