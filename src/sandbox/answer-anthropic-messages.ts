/** Answers in the words of the Anthropic Messages API. */
import { type Answer, type Frame, inPieces, type Speaker, sse, type Usage } from './answer.ts';
import { readAnthropicMessages } from './read-anthropic-messages.ts';
import type { Script } from './script.ts';

export const anthropicMessages: Speaker = {
  read: (body) => readAnthropicMessages(body),
  whole: (answer) => ({
    ...head(answer),
    content: contentOf(answer),
    stop_reason: STOP_REASONS[answer.script.stop],
    ...(answer.usage ? { usage: wholeUsage(answer.usage) } : {}),
  }),
  frames,
  error: (status, message, id) => ({
    type: 'error',
    error: { type: ERROR_TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error'), message },
    request_id: `req_${id}`,
  }),
  errorFrame: (message) => named({ type: 'error', error: { type: 'overloaded_error', message } }),
};

const STOP_REASONS: Readonly<Record<Script['stop'], string>> = {
  end: 'end_turn',
  length: 'max_tokens',
  call: 'tool_use',
  refused: 'refusal',
};

const ERROR_TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

function* frames(answer: Answer): Iterable<Frame> {
  const { script, usage } = answer;
  const early = usage && { ...wholeUsage(usage), output_tokens: 1, output_tokens_details: null };
  const message = { ...head(answer), content: [], stop_reason: null, ...(early ? { usage: early } : {}) };
  yield named({ type: 'message_start', message });
  yield named({ type: 'ping' });
  let index = 0;
  if (script.thinking.length > 0) yield* thinkingBlock(answer, index++);
  if (script.call) yield* toolBlock(answer, index++);
  else if (script.text.length > 0) yield* textBlock(script, index++);
  yield named({
    type: 'message_delta',
    delta: { stop_reason: STOP_REASONS[script.stop], stop_sequence: null },
    ...(usage ? { usage: deltaUsage(usage) } : {}),
  });
  yield named({ type: 'message_stop' });
}

function* thinkingBlock({ id, script, prompt }: Answer, index: number): Iterable<Frame> {
  yield named({ type: 'content_block_start', index, content_block: { type: 'thinking', thinking: '', signature: '' } });
  for (const piece of inPieces(script.thinking)) {
    const delta = { type: 'thinking_delta', thinking: prompt.thinking.shown ? piece.text : '' };
    yield named({ type: 'content_block_delta', index, delta }, piece.tokens);
  }
  const signature = { type: 'signature_delta', signature: signatureOf(id) };
  yield named({ type: 'content_block_delta', index, delta: signature });
  yield named({ type: 'content_block_stop', index });
}

function* textBlock(script: Script, index: number): Iterable<Frame> {
  yield named({ type: 'content_block_start', index, content_block: { type: 'text', text: '' } });
  for (const { text, tokens } of inPieces(script.text)) {
    yield named({ type: 'content_block_delta', index, delta: { type: 'text_delta', text } }, tokens);
  }
  yield named({ type: 'content_block_stop', index });
}

function* toolBlock({ id, script }: Answer, index: number): Iterable<Frame> {
  const call = script.call;
  if (!call) return;
  const block = { type: 'tool_use', id: `toolu_${id}`, name: call.name, input: {} };
  yield named({ type: 'content_block_start', index, content_block: block });
  const json = JSON.stringify(call.arguments);
  const half = Math.ceil(json.length / 2);
  for (const partial of ['', json.slice(0, half), json.slice(half)]) {
    yield named({ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: partial } });
  }
  yield named({ type: 'content_block_stop', index });
}

function head({ id, prompt }: Answer) {
  return {
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model: prompt.model,
    stop_sequence: null,
    container: null,
    stop_details: null,
  };
}

function contentOf({ id, prompt, script }: Answer): readonly unknown[] {
  const shown = prompt.thinking.shown ? script.thinking.join('') : '';
  const { call } = script;
  const thinking = { type: 'thinking', thinking: shown, signature: signatureOf(id) };
  const said = call
    ? { type: 'tool_use', id: `toolu_${id}`, name: call.name, input: call.arguments }
    : { type: 'text', text: script.text.join(''), citations: null };
  return [...(script.thinking.length > 0 ? [thinking] : []), ...(call || script.text.length > 0 ? [said] : [])];
}

/** No signature of the provider's: a thinking block of the sandbox means nothing to a real model. */
function signatureOf(id: string): string {
  return `c2FuZGJveA${id}`;
}

function wholeUsage(usage: Usage) {
  return {
    ...deltaUsage(usage),
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWrite5m,
      ephemeral_1h_input_tokens: usage.cacheWrite1h,
    },
    service_tier: 'standard',
    inference_geo: 'not_available',
    speed: null,
  };
}

function deltaUsage(usage: Usage) {
  return {
    input_tokens: usage.input,
    cache_creation_input_tokens: usage.cacheWrite5m + usage.cacheWrite1h,
    cache_read_input_tokens: usage.cacheRead,
    output_tokens: usage.output,
    output_tokens_details: { thinking_tokens: usage.reasoning },
    server_tool_use: null,
  };
}

/** Every event of this wire is named after its type. */
function named(data: { readonly type: string } & Readonly<Record<string, unknown>>, tokens = 0): Frame {
  return sse(data, tokens, data.type);
}
