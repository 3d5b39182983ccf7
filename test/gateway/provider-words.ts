/** What a provider says on each wire, in pieces, so that a test can let it say half of it. Each whole answer used 1,000 tokens in and 100 out. */

export interface ProviderWords {
  readonly wire: string;
  readonly model: string;
  /** Where a client asks for a stream, and for one JSON answer. */
  readonly streamPath: string;
  readonly plainPath: string;
  /** The client's request, its prompt being `text`. */
  readonly body: (text: string, stream: boolean) => Readonly<Record<string, unknown>>;
  /** A stream's beginning, before anything is generated. */
  readonly start: string;
  readonly delta: (text: string) => string;
  /** A stream's end, with its usage; `usage` replaces the counts. */
  readonly end: (usage?: Counts) => string;
  readonly endWithoutUsage: string;
  /** What only a finished stream ends with: a broken one may never have it. */
  readonly finished: string;
  /** The wire has a last event. Gemini has none: the end of the bytes is the end. */
  readonly hasLastEvent: boolean;
  readonly errorEvent: string;
  readonly plain: (text: string, usage?: Counts) => string;
  readonly plainWithoutUsage: (text: string) => string;
  /** In dollars, by hand from the price sheet: 1,000 tokens in and 100 out; and one token of each. */
  readonly cost: string;
  readonly perInput: bigint;
  readonly perOutput: bigint;
}

interface Counts {
  readonly input: number;
  readonly output: number;
}

const COUNTS: Counts = { input: 1_000, output: 100 };

const event = (name: string, data: object) => `event: ${name}\ndata: ${JSON.stringify({ type: name, ...data })}\n\n`;
const data = (value: object | string) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;

const message = (text: string, usage: object | null) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-5',
  content: [{ type: 'text', text }],
  stop_reason: 'end_turn',
  ...(usage === null ? {} : { usage }),
});
const messagesUsage = ({ input, output }: Counts) => ({ input_tokens: input, output_tokens: output });

const messages: ProviderWords = {
  wire: 'anthropic-messages',
  model: 'claude-sonnet-5',
  streamPath: '/v1/messages',
  plainPath: '/v1/messages',
  body: (text, stream) => ({
    model: 'claude-sonnet-5',
    max_tokens: 4_000,
    messages: [{ role: 'user', content: text }],
    ...(stream ? { stream } : {}),
  }),
  start: event('message_start', {
    message: { ...message('', messagesUsage({ input: 1_000, output: 1 })), content: [] },
  }),
  delta: (text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
  end: (usage = COUNTS) =>
    event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: messagesUsage(usage) }) +
    event('message_stop', {}),
  endWithoutUsage: event('message_stop', {}),
  finished: 'message_stop',
  hasLastEvent: true,
  errorEvent: event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }),
  plain: (text, usage = COUNTS) => JSON.stringify(message(text, messagesUsage(usage))),
  plainWithoutUsage: (text) => JSON.stringify(message(text, null)),
  cost: '0.003',
  perInput: 2_000n,
  perOutput: 10_000n,
};

const chatUsage = ({ input, output }: Counts) => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
});
const chatChunk = (choices: readonly object[], more: object = {}) =>
  data({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'gpt-5.4', choices, ...more });
const completion = (text: string, more: object) =>
  JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'gpt-5.4',
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    ...more,
  });

const chat: ProviderWords = {
  wire: 'openai-chat',
  model: 'gpt-5.4',
  streamPath: '/v1/chat/completions',
  plainPath: '/v1/chat/completions',
  body: (text, stream) => ({
    model: 'gpt-5.4',
    max_completion_tokens: 4_000,
    messages: [{ role: 'user', content: text }],
    ...(stream ? { stream } : {}),
  }),
  start: chatChunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]),
  delta: (content) => chatChunk([{ index: 0, delta: { content }, finish_reason: null }]),
  end: (usage = COUNTS) =>
    chatChunk([{ index: 0, delta: {}, finish_reason: 'stop' }]) +
    chatChunk([], { usage: chatUsage(usage) }) +
    data('[DONE]'),
  endWithoutUsage: chatChunk([{ index: 0, delta: {}, finish_reason: 'stop' }]) + data('[DONE]'),
  finished: '[DONE]',
  hasLastEvent: true,
  errorEvent: data({ error: { message: 'The server had an error', type: 'server_error', param: null, code: null } }),
  plain: (text, usage = COUNTS) => completion(text, { usage: chatUsage(usage) }),
  plainWithoutUsage: (text) => completion(text, {}),
  cost: '0.004',
  perInput: 2_500n,
  perOutput: 15_000n,
};

const responsesUsage = ({ input, output }: Counts) => ({
  input_tokens: input,
  output_tokens: output,
  total_tokens: input + output,
});
const responseWith = (status: string, text: string, more: object) => ({
  id: 'resp_1',
  object: 'response',
  model: 'gpt-5.4',
  status,
  error: null,
  output: text === '' ? [] : [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }],
  ...more,
});

const responses: ProviderWords = {
  wire: 'openai-responses',
  model: 'gpt-5.4',
  streamPath: '/v1/responses',
  plainPath: '/v1/responses',
  body: (text, stream) => ({ model: 'gpt-5.4', max_output_tokens: 4_000, input: text, ...(stream ? { stream } : {}) }),
  start: event('response.created', { response: responseWith('in_progress', '', { usage: null }) }),
  delta: (text) =>
    event('response.output_text.delta', { item_id: 'msg_1', output_index: 0, content_index: 0, delta: text }),
  end: (usage = COUNTS) =>
    event('response.completed', { response: responseWith('completed', 'said', { usage: responsesUsage(usage) }) }),
  endWithoutUsage: event('response.completed', { response: responseWith('completed', 'said', { usage: null }) }),
  finished: 'response.completed',
  hasLastEvent: true,
  errorEvent: event('response.failed', {
    response: responseWith('failed', '', { error: { code: 'server_error', message: 'failed' }, usage: null }),
  }),
  plain: (text, usage = COUNTS) => JSON.stringify(responseWith('completed', text, { usage: responsesUsage(usage) })),
  plainWithoutUsage: (text) => JSON.stringify(responseWith('completed', text, { usage: null })),
  cost: '0.004',
  perInput: 2_500n,
  perOutput: 15_000n,
};

const geminiUsage = ({ input, output }: Counts) => ({
  promptTokenCount: input,
  candidatesTokenCount: output,
  totalTokenCount: input + output,
});
const generated = (text: string, more: object, candidate: object = {}) => ({
  candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] }, ...candidate }],
  modelVersion: 'gemini-2.5-pro',
  ...more,
});

const gemini: ProviderWords = {
  wire: 'gemini',
  model: 'gemini-2.5-pro',
  streamPath: '/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse',
  plainPath: '/v1beta/models/gemini-2.5-pro:generateContent',
  body: (text) => ({ contents: [{ role: 'user', parts: [{ text }] }], generationConfig: { maxOutputTokens: 4_000 } }),
  start: data(generated('', {})),
  delta: (text) => data(generated(text, {})),
  end: (usage = COUNTS) => data(generated('', { usageMetadata: geminiUsage(usage) }, { finishReason: 'STOP' })),
  endWithoutUsage: data(generated('', {}, { finishReason: 'STOP' })),
  finished: '"finishReason"',
  hasLastEvent: false,
  errorEvent: data({ error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } }),
  plain: (text, usage = COUNTS) =>
    JSON.stringify(generated(text, { usageMetadata: geminiUsage(usage) }, { finishReason: 'STOP' })),
  plainWithoutUsage: (text) => JSON.stringify(generated(text, {}, { finishReason: 'STOP' })),
  cost: '0.00225',
  perInput: 1_250n,
  perOutput: 10_000n,
};

/** The wires that generate, each with its name for tables. */
export const GENERATING: readonly (readonly [string, ProviderWords])[] = [messages, chat, responses, gemini].map(
  (words) => [words.wire, words],
);
