import { describe, expect, it } from 'vitest';
import { REFUSALS, type Refusal, type RefusalCode } from '../../core/errors.ts';
import { ZERO } from '../../core/money/amount.ts';
import { instant } from '../../core/time/instant.ts';
import type { RefusalContext } from '../framing/wire.ts';
import { breakStream, refuse } from './refusal.ts';

const other: RefusalContext = { requestId: 'req_1', client: 'other', stream: true };
const codex: RefusalContext = { ...other, client: 'codex' };
const message = 'Your AI token budget is used up: $0.00 is left. To get more, ask Zoë’s team.';
const spent: Refusal = { code: 'budget_exhausted', message, budget: { left: ZERO, whereToAsk: 'Zoë’s team' } };
const renewing: Refusal = {
  ...spent,
  budget: { left: ZERO, whereToAsk: 'Zoë’s team', renewsAt: instant(1_796_083_200_001) },
};

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function answerTo(refusal: Refusal, context = other) {
  const { status, headers, body } = refuse(refusal, context);
  return { status, headers, body: text(body) };
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

describe('a refusal in the words of responses', () => {
  it.each(codes)('%s has its status, type and code', (refused) => {
    const [status, type, code] = words[refused];
    const answer = answerTo({ code: refused, message });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual({ error: { message, type, param: null, code } });
  });

  it.each(codes)('%s says whether to come back, and by which id to ask about it', (code) => {
    for (const context of [other, codex]) {
      const { headers } = answerTo({ code, message }, context);
      const never = REFUSALS[code].retry === 'never';
      expect(headers['x-request-id']).toBe('req_1');
      expect(headers['x-should-retry']).toBe(never ? 'false' : undefined);
      if (never) expect(headers).not.toHaveProperty('retry-after');
    }
  });

  it('that passes soon says so in whole seconds', () => {
    expect(answerTo({ code: 'rate_limited', message }).headers['retry-after']).toBe('1');
    expect(answerTo({ code: 'store_unavailable', message }).headers['retry-after']).toBe('1');
    expect(answerTo({ code: 'rate_limited', message, retryAfterSeconds: 2.4 }).headers['retry-after']).toBe('3');
    expect(answerTo({ code: 'internal', message }).headers).not.toHaveProperty('retry-after');
  });
});

describe('a spent budget, told to Codex', () => {
  it('that renews is its own limit with the day of renewal, and the whole sentence in a header', () => {
    const { status, headers, body } = answerTo(renewing, codex);
    expect(status).toBe(429);
    expect(JSON.parse(body)).toEqual({
      error: { type: 'usage_limit_reached', message, plan_type: 'enterprise', resets_at: 1_796_083_201 },
    });
    expect(headers['x-codex-promo-message']).toBe(
      "Your AI token budget is used up: $0.00 is left. To get more, ask Zoe's team",
    );
    expect(headers).not.toHaveProperty('retry-after');
  });

  it('that does not renew is a stream that fails for the prompt’s sake', () => {
    const { status, headers, body } = answerTo(spent, codex);
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'text/event-stream' });
    const [event = '', data = ''] = body.split('\n');
    expect(event).toBe('event: response.failed');
    expect(JSON.parse(data.slice('data: '.length))).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { code: 'invalid_prompt', message }, usage: null },
    });
  });

  it('is the ordinary refusal where no stream was asked for, and so is any other refusal', () => {
    expect(answerTo(spent, { ...codex, stream: false })).toEqual(answerTo(spent));
    expect(answerTo({ code: 'key_revoked', message }, codex)).toEqual(answerTo({ code: 'key_revoked', message }));
    expect(answerTo(renewing, other).status).toBe(402);
  });
});

describe('a refusal inside a stream of events', () => {
  it.each([
    ['upstream_failed', other, 'server_error'],
    ['upstream_failed', codex, 'server_error'],
    ['rate_limited', other, 'rate_limit_exceeded'],
    ['budget_exhausted', other, 'insufficient_quota'],
    ['budget_exhausted', codex, 'invalid_prompt'],
  ] as const)('%s ends it as a response that failed', (code, context, spelled) => {
    const broken = text(breakStream({ code, message: 'gone\nfor good' }, context));
    expect(broken.startsWith('\n\nevent: response.failed\ndata: ') && broken.endsWith('\n\n')).toBe(true);
    expect(broken).not.toContain('response.completed');
    expect(broken).not.toContain('[DONE]');
    const { response } = JSON.parse(broken.trim().split('\n')[1]?.slice('data: '.length) ?? '');
    expect(response.error).toEqual({ code: spelled, message: 'gone\nfor good' });
  });
});
