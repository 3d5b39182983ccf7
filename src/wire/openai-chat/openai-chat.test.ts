import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openaiChat } from './openai-chat.ts';

const calls = readFileSync(new URL('fixtures/tools-and-text.sse', import.meta.url));
const answer = readFileSync(new URL('fixtures/answer.json', import.meta.url));

function passedBy(body: object, bytes: Uint8Array, sse: boolean): { out: string; searches: number | undefined } {
  const read = openaiChat.read(new TextEncoder().encode(JSON.stringify(body)), {
    action: 'chat.completions',
    query: '',
  });
  const meter = openaiChat.meter(read, sse);
  const out = Buffer.concat([meter.push(bytes), meter.end()]).toString();
  return { out, searches: meter.metered()?.toolUses.webSearch };
}

describe('the chat wire', () => {
  it('gives each client the stream it asked for', () => {
    const silent = passedBy({ model: 'gpt-5.2', stream: true }, calls, true).out;
    const asking = passedBy(
      { model: 'gpt-5.2', stream: true, stream_options: { include_usage: true } },
      calls,
      true,
    ).out;
    expect(asking).toBe(calls.toString());
    expect(silent).not.toContain('prompt_tokens');
  });

  it('passes a JSON answer on untouched and counts the search of a model that searches', () => {
    expect(passedBy({ model: 'gpt-5-search-api' }, answer, false)).toEqual({ out: answer.toString(), searches: 1 });
    expect(passedBy({ model: 'gpt-5.2' }, answer, false).searches).toBeUndefined();
  });
});
