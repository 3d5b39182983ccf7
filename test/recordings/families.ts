/** The families of recorded answers, and the wire that each is read by. */
import type { MeteredCall } from '../../src/core/pricing/usage.ts';
import { anthropicMessages } from '../../src/wire/anthropic-messages/anthropic-messages.ts';
import type { Meter, Wire } from '../../src/wire/framing/wire.ts';
import { gemini } from '../../src/wire/gemini/gemini.ts';
import { openaiChat } from '../../src/wire/openai-chat/openai-chat.ts';
import { openaiResponses } from '../../src/wire/openai-responses/openai-responses.ts';
import type { RecordedAnswer } from './provider-answers.ts';

export interface Family {
  readonly wire: Wire;
  /** How a request for this family is read: a body that is enough, and what its path says. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly action: (stream: boolean) => string;
  /** Which of index.json's names for tools the provider runs make which of our units. */
  readonly tools: Readonly<Record<string, keyof MeteredCall['toolUses']>>;
}

export const FAMILIES: Readonly<Record<string, Family>> = {
  anthropic: {
    wire: anthropicMessages,
    body: { max_tokens: 64_000, messages: [] },
    action: () => 'messages',
    tools: { web_search_requests: 'webSearch' },
  },
  gemini: {
    wire: gemini,
    body: {},
    action: (stream) => (stream ? 'streamGenerateContent' : 'generateContent'),
    tools: { web_search_queries: 'webSearch' },
  },
  'openai-chat': { wire: openaiChat, body: { messages: [] }, action: () => 'chat.completions', tools: {} },
  'openai-responses': {
    wire: openaiResponses,
    body: { input: [] },
    action: () => 'responses',
    // What was opened or looked through after a search has names of its own, and is free.
    tools: { 'web_search_call:search': 'webSearch', file_search_call: 'fileSearch', shell_call: 'codeExecution' },
  },
};

const asked = (answer: RecordedAnswer) => answer.expected.model ?? 'unnamed';

function meterFor(answer: RecordedAnswer, { wire, body, action }: Family): Meter {
  const request = new TextEncoder().encode(JSON.stringify({ ...body, model: asked(answer), stream: answer.stream }));
  const path = { model: asked(answer), action: action(answer.stream), query: answer.stream ? 'alt=sse' : '' };
  return wire.meter(wire.read(request, path), answer.stream);
}

/** The meter of a recorded answer that has passed in pieces, cut at these places. */
export function meterCut(answer: RecordedAnswer, family: Family, bytes: Uint8Array, places: readonly number[]): Meter {
  const meter = meterFor(answer, family);
  let from = 0;
  for (const to of [...places, bytes.length]) {
    meter.push(bytes.subarray(from, to));
    from = to;
  }
  meter.end();
  return meter;
}
