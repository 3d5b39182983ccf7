import { describe, expect, it } from 'vitest';
import { Refused } from '../../core/errors.ts';
import { readRequest } from './request.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('a request for embeddings', () => {
  it.each([
    ['a text', '"hello"'],
    ['texts', '["你好","x"]'],
    ['tokens', '[1,22,333]'],
    ['lists of tokens', '[[1,2],[3]]'],
  ])('of %s is bounded by its bytes, has no output, and is sent as it came', (_, input) => {
    const body = bytesOf(
      `{"input":${input}, "model":"text-embedding-3-small","encoding_format":"base64","dimensions":256}`,
    );
    const { model, stream, demand, forward } = readRequest(body);
    expect({ model, stream }).toEqual({ model: 'text-embedding-3-small', stream: false });
    expect(demand).toMatchObject({ inputTokensMost: body.length, outputLimit: 0, cacheWrite: 'none', serverTools: [] });
    expect(forward()).toBe(body);
    expect(forward(1)).toBe(body);
  });

  it.each([
    ['without a model', '{"input":"x"}', 'model'],
    ['with a model given twice', '{"input":"x","model":"a","model":"b"}', 'model'],
    ['without input', '{"model":"m"}', 'input'],
    ['with input given twice', '{"model":"m","input":"x","INPUT":"y"}', 'input'],
    ['that is no JSON', '{"model":', 'JSON'],
  ])('is refused %s', (_, body, word) => {
    try {
      readRequest(bytesOf(body));
    } catch (error) {
      expect(error).toBeInstanceOf(Refused);
      expect(error).toMatchObject({ refusal: { code: 'invalid', message: expect.stringContaining(word) } });
      return;
    }
    throw new Error('was not refused');
  });
});
