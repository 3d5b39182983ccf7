import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openaiEmbeddings } from './openai-embeddings.ts';

it('the embeddings wire meters an answer and passes it on untouched', () => {
  const bytes = readFileSync(new URL('fixtures/answer.json', import.meta.url));
  const body = new TextEncoder().encode('{"model":"text-embedding-3-small","input":"x"}');
  const meter = openaiEmbeddings.meter(openaiEmbeddings.read(body, { action: 'embeddings', query: '' }), false);
  expect(Buffer.concat([meter.push(bytes), meter.end()]).toString()).toBe(bytes.toString());
  expect(meter.metered()?.lines[0]?.usage.input).toBe(9);
});

it('a broken answer of vectors is left broken', () => {
  const context = { requestId: 'req_1', client: 'other', stream: false } as const;
  expect(openaiEmbeddings.breakStream({ code: 'upstream_failed', message: 'gone' }, context)).toHaveLength(0);
});
