import { describe, expect, it } from 'vitest';
import { WholeAnswer } from './whole-answer.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

function passed(answer: WholeAnswer, ...texts: readonly string[]) {
  for (const text of texts) answer.push(bytesOf(text));
  return { bytes: answer.bytes, object: answer.object() };
}

describe('an answer that passes in chunks', () => {
  it('is read when it is whole', () => {
    expect(passed(new WholeAnswer(), '{"a":', '1', '}')).toEqual({ bytes: 7, object: { a: 1 } });
    expect(passed(new WholeAnswer(), '{"a":', '1')).toEqual({ bytes: 6, object: undefined });
    expect(passed(new WholeAnswer(), '[1]')).toEqual({ bytes: 3, object: undefined });
  });

  it('is counted but not kept above its bound', () => {
    expect(passed(new WholeAnswer(7), '{"a":', '1}')).toEqual({ bytes: 7, object: { a: 1 } });
    expect(passed(new WholeAnswer(7), '{"a":', '12}', '{}')).toEqual({ bytes: 10, object: undefined });
  });
});
