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
    ['key_unknown', 401, 'UNAUTHENTICATED'],
    ['key_revoked', 401, 'UNAUTHENTICATED'],
    ['budget_exhausted', 402, 'FAILED_PRECONDITION'],
    ['policy_denied', 403, 'PERMISSION_DENIED'],
    ['model_not_allowed', 403, 'PERMISSION_DENIED'],
    ['model_not_priced', 403, 'PERMISSION_DENIED'],
    ['invalid', 400, 'INVALID_ARGUMENT'],
    ['not_found', 404, 'NOT_FOUND'],
    ['rate_limited', 429, 'RESOURCE_EXHAUSTED'],
    ['upstream_overloaded', 503, 'UNAVAILABLE'],
    ['upstream_failed', 502, 'UNAVAILABLE'],
    ['upstream_timeout', 504, 'DEADLINE_EXCEEDED'],
    ['store_unavailable', 503, 'UNAVAILABLE'],
    ['too_large', 413, 'INVALID_ARGUMENT'],
    ['loop', 508, 'INVALID_ARGUMENT'],
    ['internal', 500, 'INTERNAL'],
  ] as const)('for %s is %i %s', (code, status, name) => {
    const { body, ...answer } = spelled(code);
    expect(answer.status).toBe(status);
    expect(body.error).toMatchObject({ code: status, message: 'Why not.', status: name });
  });

  it.each(codes)('for %s says whether to retry, and carries the request id', (code) => {
    const { headers, body } = spelled(code);
    expect(headers['x-request-id']).toBe('req-1');
    expect(headers['x-should-retry']).toBe(REFUSALS[code].retry === 'never' ? 'false' : undefined);
    if (REFUSALS[code].retry !== 'never') return;
    expect(headers).not.toHaveProperty('retry-after');
    expect(body.error).not.toHaveProperty('details');
  });

  it('that waiting helps tells how long, in the header and as RetryInfo', () => {
    const { headers, body } = spelled('rate_limited', { retryAfterSeconds: 2.2 });
    expect(headers['retry-after']).toBe('3');
    expect(body.error.details).toEqual([{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '3s' }]);
    expect(spelled('store_unavailable').headers['retry-after']).toBe('1');
    expect(spelled('upstream_failed').body.error).not.toHaveProperty('details');
    expect(spelled('budget_exhausted', { retryAfterSeconds: 2 }).body.error).not.toHaveProperty('details');
  });

  it('inside a stream is an error on lines of its own', () => {
    const text = new TextDecoder().decode(breakStream({ code: 'upstream_overloaded', message: 'Busy.' }));
    expect(text).toBe('\n\ndata: {"error":{"code":503,"message":"Busy.","status":"UNAVAILABLE"}}\n\n');
  });
});
