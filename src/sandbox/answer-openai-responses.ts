/** Reads requests and answers in the words of OpenAI's Responses API. */
import { type AnswerObject, countIn, objectIn, objectsIn, textIn } from '../wire/framing/fields.ts';
import { type Answer, CREATED_AT_SECONDS, type Frame, inPieces, type Speaker, sse, type Usage } from './answer.ts';
import { type Prompt, partSegment, textSegment, Unacceptable } from './prompt.ts';
import {
  jsonAsked,
  openaiError,
  reasoningOf,
  segmentsOf,
  tellsCacheWrites,
  textsOf,
  toolChoiceOf,
  toolsOf,
} from './read-openai.ts';

export const openaiResponses: Speaker = {
  read,
  whole: (answer) => response(answer, endStatus(answer), outputOf(answer)),
  frames,
  error: openaiError,
  errorFrame: (message, prompt) => {
    const failed = { object: 'response', status: 'failed', model: prompt.model, output: [], usage: null };
    const error = { code: 'server_error', message };
    const event = { type: 'response.failed', sequence_number: 0, response: { id: 'resp_failed', ...failed, error } };
    return sse(event, 0, event.type);
  },
};

/** Items that are the model's own side of the conversation. */
const OF_THE_MODEL = new Set(['reasoning', 'function_call', 'custom_tool_call', 'local_shell_call', 'web_search_call']);

function read(body: AnswerObject): Prompt {
  const model = textIn(body['model']);
  if (!model) throw new Unacceptable("Missing required parameter: 'model'.");
  const { input } = body;
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : objectsIn(input);
  if (items.length === 0) throw new Unacceptable("Missing required parameter: 'input'.");
  const newest = items.slice(items.findLastIndex(isOfModel) + 1);
  const outputMost = countIn(body['max_output_tokens']);
  const effort = objectIn(body['reasoning'])?.['effort'];
  const instructions = textIn(body['instructions']);
  return {
    model,
    segments: [
      ...objectsIn(body['tools']).map(partSegment),
      ...(instructions === undefined ? [] : [textSegment(instructions)]),
      ...items.flatMap(segmentsOf),
    ],
    said: newest.filter(({ role }) => role === 'user').flatMap(({ content }) => textsOf(content)),
    toolResults: newest.flatMap(({ type, output }) =>
      type === 'function_call_output' || type === 'custom_tool_call_output' ? [textsOf(output).join(' ')] : [],
    ),
    tools: toolsOf(body['tools']),
    toolChoice: toolChoiceOf(body['tool_choice']),
    ...jsonAsked(objectIn(objectIn(body['text'])?.['format'])),
    thinking: reasoningOf(model, effort),
    ...(outputMost === undefined ? {} : { outputMost }),
    choices: 1,
    framing: body['stream'] === true ? 'sse' : 'json',
    streamsUsage: true,
  };
}

function isOfModel(item: AnswerObject): boolean {
  return item['role'] === 'assistant' || OF_THE_MODEL.has(textIn(item['type']) ?? '');
}

interface Event extends Readonly<Record<string, unknown>> {
  readonly type: string;
}

function* frames(answer: Answer): Iterable<Frame> {
  let sequence = 0;
  const event = (data: Event, tokens = 0) => sse({ ...data, sequence_number: sequence++ }, tokens, data.type);
  const begun = { ...response(answer, 'in_progress', []), usage: null };
  yield event({ type: 'response.created', response: begun });
  yield event({ type: 'response.in_progress', response: begun });
  for (const [index, item] of outputOf(answer).entries()) {
    yield event({ type: 'response.output_item.added', output_index: index, item: begunItem(item) });
    for (const [data, tokens] of itemEvents(answer, item, index)) yield event(data, tokens);
    yield event({ type: 'response.output_item.done', output_index: index, item });
  }
  const status = endStatus(answer);
  yield event({ type: `response.${status}`, response: response(answer, status, outputOf(answer)) });
}

type Item = ReturnType<typeof messageItem> | ReturnType<typeof callItem> | ReturnType<typeof reasoningItem>;

function* itemEvents(answer: Answer, item: Item, index: number): Iterable<[Event, number]> {
  const at = { item_id: item.id, output_index: index };
  if (item.type === 'function_call') {
    yield [{ type: 'response.function_call_arguments.delta', ...at, delta: item.arguments }, 0];
    yield [{ type: 'response.function_call_arguments.done', ...at, name: item.name, arguments: item.arguments }, 0];
  }
  if (item.type !== 'message') return;
  const [part] = item.content;
  if (!part) return;
  const inPart = { ...at, content_index: 0 };
  const empty = part.type === 'refusal' ? { ...part, refusal: '' } : { ...part, text: '' };
  yield [{ type: 'response.content_part.added', ...inPart, part: empty }, 0];
  if (part.type === 'refusal') {
    yield [{ type: 'response.refusal.delta', ...inPart, delta: part.refusal }, 0];
    yield [{ type: 'response.refusal.done', ...inPart, refusal: part.refusal }, 0];
  } else {
    for (const { text, tokens } of inPieces(answer.script.text)) {
      yield [{ type: 'response.output_text.delta', ...inPart, delta: text, logprobs: [] }, tokens];
    }
    yield [{ type: 'response.output_text.done', ...inPart, text: part.text, logprobs: [] }, 0];
  }
  yield [{ type: 'response.content_part.done', ...inPart, part }, 0];
}

/** An item as it is announced, before its content. */
function begunItem(item: Item): unknown {
  if (item.type === 'message') return { ...item, status: 'in_progress', content: [] };
  return item.type === 'function_call' ? { ...item, status: 'in_progress', arguments: '' } : item;
}

function outputOf(answer: Answer): readonly Item[] {
  const { script } = answer;
  const items: Item[] = script.thinking.length > 0 ? [reasoningItem(answer)] : [];
  if (script.call) items.push(callItem(answer));
  else if (script.text.length > 0 || script.stop === 'refused') items.push(messageItem(answer));
  return items;
}

function reasoningItem({ id }: Answer) {
  return { id: `rs_${id}`, type: 'reasoning' as const, summary: [], encrypted_content: `c2FuZGJveA${id}` };
}

function callItem({ id, script }: Answer) {
  const { name = '', arguments: given = {} } = script.call ?? {};
  const call = { call_id: `call_${id}`, name, arguments: JSON.stringify(given) };
  return { id: `fc_${id}`, type: 'function_call' as const, status: 'completed', ...call };
}

function messageItem({ id, script }: Answer) {
  const part =
    script.stop === 'refused'
      ? { type: 'refusal' as const, refusal: 'The sandbox was asked to refuse.' }
      : { type: 'output_text' as const, text: script.text.join(''), annotations: [], logprobs: [] };
  return { id: `msg_${id}`, type: 'message' as const, status: 'completed', role: 'assistant', content: [part] };
}

function endStatus({ script }: Answer): 'completed' | 'incomplete' {
  return script.stop === 'length' ? 'incomplete' : 'completed';
}

function response({ id, prompt, usage }: Answer, status: string, output: readonly Item[]) {
  return {
    id: `resp_${id}`,
    object: 'response',
    created_at: CREATED_AT_SECONDS,
    status,
    background: false,
    error: null,
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    instructions: null,
    max_output_tokens: prompt.outputMost ?? null,
    model: prompt.model,
    output,
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    service_tier: 'default',
    store: false,
    temperature: 1,
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    truncation: 'disabled',
    usage: usage ? usageOf(usage, prompt.model) : null,
    user: null,
    metadata: {},
  };
}

function usageOf(usage: Usage, model: string) {
  const input = usage.input + usage.cacheRead + usage.cacheWrite5m;
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: usage.cacheRead,
      ...(tellsCacheWrites(model) ? { cache_write_tokens: usage.cacheWrite5m } : {}),
    },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: input + usage.output,
  };
}
