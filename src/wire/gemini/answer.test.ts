import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gemini } from './gemini.ts';

const fixture = (name: string) => readFileSync(`${import.meta.dirname}/fixtures/${name}`);

function metered(bytes: Uint8Array, { at = 0, action = 'generateContent' } = {}) {
  const request = gemini.read(Buffer.from('{}'), { model: 'gemini-asked', action, query: '' });
  const meter = gemini.meter(request, false);
  for (const chunk of [bytes.subarray(0, at), bytes.subarray(at)]) expect(meter.push(chunk)).toBe(chunk);
  expect(meter.end()).toHaveLength(0);
  return meter;
}

describe('a whole answer', () => {
  const picture = fixture('picture.json');

  it('is metered alike wherever it is cut', () => {
    const whole = metered(picture);
    expect(whole.state).toBe('complete');
    expect(whole.metered()?.lines[0]).toMatchObject({
      model: 'gemini-2.5-flash-image',
      usage: { input: 10, output: 10, outputImage: 1_290 },
    });
    expect(whole.delivered).toEqual({ outputBytes: 4, mediaBytes: 8 });
    for (let at = 0; at <= picture.length; at++) expect(metered(picture, { at }).metered()).toEqual(whole.metered());
  });

  it('that broke off is not complete, and counts by its bytes', () => {
    const meter = metered(picture.subarray(0, 200));
    expect(meter.state).toBe('open');
    expect(meter.metered()).toBeUndefined();
    expect(meter.delivered.outputBytes).toBe(200);
  });

  it('that is an error has failed and used nothing', () => {
    const meter = metered(Buffer.from('{"error":{"code":400,"message":"no","status":"INVALID_ARGUMENT"}}'));
    expect(meter.state).toBe('failed');
    expect(meter.metered()).toBeUndefined();
  });
});

describe('embeddings', () => {
  it.each(['embedContent', 'batchEmbedContents'])('by %s report no usage, and delivered no output', (action) => {
    for (const bytes of [fixture('embeddings.json'), fixture('embeddings.json').subarray(0, 20)]) {
      const meter = metered(bytes, { action });
      expect(meter.metered()).toBeUndefined();
      expect(meter.delivered).toEqual({ outputBytes: 0, mediaBytes: 0 });
    }
    expect(metered(fixture('embeddings.json'), { action }).state).toBe('complete');
  });

  it('that do report usage are metered by it', () => {
    const meter = metered(Buffer.from('{"embedding":{"values":[1]},"usageMetadata":{"promptTokenCount":6}}'), {
      action: 'embedContent',
    });
    expect(meter.metered()?.lines[0]?.usage).toMatchObject({ input: 6, output: 0 });
  });
});
