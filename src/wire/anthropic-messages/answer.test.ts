import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AnswerMeter } from './answer.ts';

const answer = readFileSync(`${import.meta.dirname}/fixtures/iterations.json`);

function metered(bytes: Uint8Array, at = 0): AnswerMeter {
  const meter = new AnswerMeter('claude-asked');
  for (const chunk of [bytes.subarray(0, at), bytes.subarray(at)]) expect(meter.push(chunk)).toBe(chunk);
  expect(meter.end()).toHaveLength(0);
  return meter;
}

describe('a whole message', () => {
  it('is metered alike wherever it is cut', () => {
    const whole = metered(answer);
    expect(whole.state).toBe('complete');
    expect(whole.metered()?.lines).toHaveLength(5);
    expect(whole.delivered.outputBytes).toBe('Ask.Done{"a":1}'.length);
    for (let at = 0; at <= answer.length; at++) expect(metered(answer, at).metered()).toEqual(whole.metered());
  });

  it('that broke off is not complete, and counts by its bytes', () => {
    const meter = metered(answer.subarray(0, 400));
    expect(meter.state).toBe('open');
    expect(meter.metered()).toBeUndefined();
    expect(meter.delivered.outputBytes).toBe(400);
  });

  it('that is an error has failed and used nothing', () => {
    const meter = metered(Buffer.from('{"type":"error","error":{"type":"api_error","message":"no"}}'));
    expect(meter.state).toBe('failed');
    expect(meter.metered()).toBeUndefined();
    expect(meter.delivered.outputBytes).toBe(0);
  });
});
