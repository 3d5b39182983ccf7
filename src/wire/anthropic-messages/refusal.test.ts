import { describe, expect, it } from 'vitest';
import { REFUSALS, type RefusalCode } from '../../core/errors.ts';
import { breakStream, refuse } from './refusal.ts';

const context = { requestId: 'req-1', client: 'other', stream: false } as const;
const codes = Object.keys(REFUSALS).filter((code): code is RefusalCode => code in REFUSALS);
const spelled = (code: RefusalCode, extra = {}) => {
  const { status, headers, body } = refuse({ code, message: 'Why not.', ...extra }, context);
  return { status, headers, body: JSON.parse(new TextDecoder().decode(body)) };
};

describe('a refusal', () => {
  it.each([
    ['key_unknown', 401, 'authentication_error'],
    ['key_revoked', 401, 'authentication_error'],
    ['budget_exhausted', 402, 'billing_error'],
    ['policy_denied', 403, 'permission_error'],
    ['model_not_allowed', 403, 'permission_error'],
    ['model_not_priced', 403, 'permission_error'],
    ['invalid', 400, 'invalid_request_error'],
    ['not_found', 404, 'not_found_error'],
    ['rate_limited', 429, 'rate_limit_error'],
    ['upstream_overloaded', 529, 'overloaded_error'],
    ['upstream_failed', 502, 'api_error'],
    ['upstream_timeout', 504, 'timeout_error'],
    ['store_unavailable', 503, 'api_error'],
    ['too_large', 413, 'request_too_large'],
    ['request_timeout', 408, 'invalid_request_error'],
    ['internal', 500, 'api_error'],
  ] as const)('for %s is %i %s', (code, status, type) => {
    expect(spelled(code)).toMatchObject({
      status,
      body: { type: 'error', error: { type, message: 'Why not.' }, request_id: 'req-1' },
    });
  });

  it.each(codes)('for %s says whether to retry, and carries the request id', (code) => {
    const { headers } = spelled(code);
    expect(headers).toMatchObject({ 'request-id': 'req-1', 'content-type': 'application/json' });
    expect(headers['x-should-retry']).toBe(REFUSALS[code].retry === 'never' ? 'false' : undefined);
    if (REFUSALS[code].retry === 'never') expect(headers).not.toHaveProperty('retry-after');
  });

  it('tells how long to wait where waiting helps, in whole seconds', () => {
    expect(spelled('rate_limited').headers['retry-after']).toBe('1');
    expect(spelled('store_unavailable').headers['retry-after']).toBe('1');
    expect(spelled('rate_limited', { retryAfterSeconds: 2.2 }).headers['retry-after']).toBe('3');
    expect(spelled('budget_exhausted', { retryAfterSeconds: 2 }).headers).not.toHaveProperty('retry-after');
  });

  it('inside a stream is an error event on lines of its own, and ends nothing', () => {
    const text = new TextDecoder().decode(breakStream({ code: 'upstream_failed', message: 'It stopped.' }, context));
    expect(text).toMatch(/^\n\nevent: error\ndata: \{"type":"error",.*"It stopped\.".*\}\n\n$/);
    expect(text).not.toContain('message_stop');
  });
});
