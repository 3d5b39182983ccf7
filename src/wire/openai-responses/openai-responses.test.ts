import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openaiResponses } from './openai-responses.ts';

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url));

it.each([
  ['search-and-call.sse', true],
  ['answer.json', false],
])('the responses wire meters %s and passes it on untouched', (name, sse) => {
  const bytes = fixture(name);
  const read = openaiResponses.read(new TextEncoder().encode('{"model":"gpt-5.2"}'), {
    action: 'responses',
    query: '',
  });
  const meter = openaiResponses.meter(read, sse);
  expect(Buffer.concat([meter.push(bytes), meter.end()]).toString()).toBe(bytes.toString());
  expect(meter.state).toBe('complete');
  expect(meter.metered()?.lines[0]?.usage.output).toBe(300);
});
