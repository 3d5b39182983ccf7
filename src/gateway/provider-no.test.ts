import { describe, expect, it } from 'vitest';
import { endsAsObject, refusalOfFailure, refusalOfForm, refusalOfStatus } from './provider-no.ts';

describe('what the provider gave in place of an answer', () => {
  it.each([401, 403, 301, 304, 307])('the status %i is about Stipend, not for the client', (status) => {
    expect(refusalOfStatus(status)).toMatchObject({ code: 'upstream_failed' });
  });

  it.each([200, 204, 400, 402, 404, 429, 500, 529])('the status %i is the client’s to read', (status) => {
    expect(refusalOfStatus(status)).toBeUndefined();
  });

  it.each([
    ['application/json', undefined],
    ['application/json; charset=UTF-8', undefined],
    ['text/event-stream; charset=utf-8', 'identity'],
  ])('an answer of %s (%s) can be metered', (type, encoding) => {
    expect(refusalOfForm({ 'content-type': type, ...(encoding && { 'content-encoding': encoding }) })).toBeUndefined();
  });

  it.each([
    [{ 'content-type': 'text/html' }, 'text/html'],
    [{}, 'of no stated kind'],
    [{ 'content-type': 'application/json', 'content-encoding': 'br' }, 'packed (br)'],
  ])('an answer with %o cannot', (headers, told) => {
    expect(refusalOfForm(headers)?.message).toContain(told);
  });

  it.each([
    ['timeout', 'upstream_timeout', 'too long'],
    ['blocked', 'upstream_failed', 'may call'],
    ['connect', 'upstream_failed', 'could not be reached'],
    ['reset', 'upstream_failed', 'broke the answer off'],
    ['aborted', 'upstream_failed', 'broke the answer off'],
  ] as const)('a call that failed by %s is told so', (kind, code, words) => {
    const refusal = refusalOfFailure({ kind, sent: true, cause: undefined });
    expect(refusal).toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it.each([
    ['{"a":1}', true],
    ['{"a":1} \n', true],
    ['{"a":', false],
    ['  ', false],
    ['', false],
  ])('%j can be the end of an object: %s', (text, can) => {
    expect(endsAsObject(new TextEncoder().encode(text))).toBe(can);
  });
});
