import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Refusal, Refused } from '../../core/errors.ts';
import { refuseUnreadableAnswers } from './query.ts';

function refusal(query: string): Refusal | undefined {
  try {
    refuseUnreadableAnswers(query);
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

describe('a query', () => {
  it.each([
    '',
    'alt=sse',
    'alt=json',
    'key=stp_live_x',
    'prettyPrint=false',
    'alt=sse&key=k&prettyPrint=true',
    '%61lt=sse',
  ])('that leaves the answer readable passes: "%s"', (query) => expect(refusal(query)).toBeUndefined());

  it.each([
    ['its usage masked', 'fields=candidates', 'fields'],
    ['its usage masked, by the other name', '$fields=candidates', '$fields'],
    ['its usage masked, escaped', 'alt=sse&%66ields=candidates', 'fields'],
    ['another encoding', 'alt=proto', 'alt'],
    ['another encoding, by the other name', '$alt=sse', '$alt'],
    ['another encoding, beside a readable one', 'alt=sse&alt=media', 'alt'],
    ['an encoding in another case', 'alt=SSE', 'alt'],
    ['no encoding', 'alt=', 'alt'],
    ['an encoding and more in one', 'alt=sse;fields=x', 'alt'],
    ['a call around it', 'callback=f', 'callback'],
    ['a known name in another case', 'Alt=sse', 'Alt'],
    ['a name that is not known', 'q', 'q'],
    ['no name', '=x', ''],
  ])('that asks for %s is refused: %s', (_, query, name) => {
    expect(refusal(query)).toMatchObject({
      code: 'invalid',
      message: `The query parameter ${JSON.stringify(name)} is not passed on here.`,
    });
  });

  it('is refused for whatever it names beside what is known', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (name, value) => {
        fc.pre(!['alt', 'key', 'prettyPrint'].includes(name));
        expect(refusal(`alt=sse&${new URLSearchParams([[name, value]])}`)?.code).toBe('invalid');
      }),
    );
  });

  it('is refused without repeating what may be a secret, or a name at length', () => {
    expect(refusal('access_token=ya29.secret')?.message).not.toContain('secret');
    expect(refusal(`${'x'.repeat(65)}=1`)?.message).toBe(
      `The query parameter "${'x'.repeat(64)}" is not passed on here.`,
    );
  });
});
