import { describe, expect, it } from 'vitest';
import { presentedKey } from './credential.ts';

describe('the presented key', () => {
  it.each([
    [{ authorization: ['Bearer stp_live_a'] }, ''],
    [{ authorization: ['bearer  stp_live_a'] }, ''],
    [{ 'x-api-key': ['stp_live_a'] }, ''],
    [{ 'x-goog-api-key': ['stp_live_a'] }, ''],
    [{}, 'alt=sse&key=stp_live_a'],
    [{ authorization: ['Bearer stp_live_a'], 'x-api-key': ['stp_live_a'] }, 'key=stp_live_a'],
  ])('is found wherever clients put it: %o ?%s', (headers, query) => {
    expect(presentedKey(headers, query)).toBe('stp_live_a');
  });

  it('is nobody’s when two places disagree', () => {
    expect(presentedKey({ authorization: ['Bearer stp_live_a'], 'x-api-key': ['stp_live_b'] }, '')).toBeUndefined();
    expect(presentedKey({ 'x-api-key': ['stp_live_a'] }, 'key=stp_live_b')).toBeUndefined();
    expect(presentedKey({ authorization: ['Bearer stp_live_a', 'Bearer stp_live_b'] }, '')).toBeUndefined();
    expect(presentedKey({}, 'key=stp_live_a&key=stp_live_b')).toBeUndefined();
  });

  it.each([
    {},
    { authorization: ['Basic abc'] },
    { authorization: ['Bearer'] },
    { authorization: ["Bearer a' or '1"] },
  ])('is absent in %o', (headers) => expect(presentedKey(headers, '')).toBeUndefined());
});
