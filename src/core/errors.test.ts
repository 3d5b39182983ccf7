import { describe, expect, it } from 'vitest';
import { REFUSALS, Refused, refused } from './errors.ts';

describe('the table of refusals', () => {
  it.each(Object.entries(REFUSALS))('%s is an error that HTTP knows', (_code, { status }) => {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
  });

  it('never asks a client to repeat what only a person can change', () => {
    const repeatable = Object.entries(REFUSALS).filter(([, { retry }]) => retry === 'after');
    expect(repeatable.map(([code]) => code).sort()).toEqual([
      'internal',
      'rate_limited',
      'store_unavailable',
      'upstream_failed',
      'upstream_overloaded',
      'upstream_timeout',
    ]);
  });
});

describe('a refusal', () => {
  it('carries its code, its public words and what else the caller may know', () => {
    const no = refused('rate_limited', 'too many at once', { retryAfterSeconds: 2 });
    expect(no).toBeInstanceOf(Refused);
    expect(no.refusal).toEqual({ code: 'rate_limited', message: 'too many at once', retryAfterSeconds: 2 });
  });

  it('keeps its cause out of the public words', () => {
    const cause = new Error('password authentication failed for user stipend');
    const no = new Refused({ code: 'store_unavailable', message: 'try again soon' }, { cause });
    expect(no.cause).toBe(cause);
    expect(no.message).toBe('try again soon');
    expect(JSON.stringify(no.refusal)).not.toContain('password');
  });
});
