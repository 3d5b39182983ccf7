/** Reads a request of the Anthropic Messages API as its provider would. */
import { type AnswerObject, countIn, objectIn, objectsIn, textIn } from '../wire/framing/fields.ts';
import { type Prompt, partSegment, type Segment, type ToolChoice, textSegment, Unacceptable } from './prompt.ts';

/** Thinking of a model that is let to think; it fits into the least thinking budget, 1,024. */
const THINKING_TOKENS = 48;

/** Throws `Unacceptable`. `counting`: the request is to be counted, and needs no output limit. */
export function readAnthropicMessages(body: AnswerObject, counting = false): Prompt {
  const model = textIn(body['model']);
  if (!model) throw new Unacceptable('model: Field required');
  const messages = objectsIn(body['messages']);
  if (messages.length === 0) throw new Unacceptable('messages: at least one message is required');
  const outputMost = counting ? undefined : outputLimit(body['max_tokens']);
  const newest = messages.slice(messages.findLastIndex(({ role }) => role === 'assistant') + 1);
  const parts = newest.filter(({ role }) => role === 'user').flatMap(({ content }) => partsOf(content));
  const format = objectIn(objectIn(body['output_config'])?.['format'] ?? body['output_format']);
  return {
    model,
    segments: segmentsOf(body, messages),
    said: textsOf(parts),
    toolResults: parts
      .filter(({ type }) => type === 'tool_result')
      .map(({ content }) => textsOf(partsOf(content)).join(' ')),
    tools: objectsIn(body['tools']).flatMap(({ name, input_schema: schema }) =>
      typeof name === 'string' && schema !== undefined ? [{ name, schema }] : [],
    ),
    toolChoice: toolChoice(objectIn(body['tool_choice'])),
    ...(format?.['type'] === 'json_schema' ? { json: { schema: format['schema'] } } : {}),
    thinking: thinking(objectIn(body['thinking'])),
    ...(outputMost === undefined ? {} : { outputMost }),
    choices: 1,
    framing: body['stream'] === true ? 'sse' : 'json',
    streamsUsage: true,
  };
}

function outputLimit(value: unknown): number {
  const limit = countIn(value);
  if (limit === undefined) throw new Unacceptable('max_tokens: Field required');
  if (limit === 0) throw new Unacceptable('max_tokens: Input should be greater than or equal to 1');
  return limit;
}

/** Tools come first in the prompt, then the system's words, then the messages: the order in which prefixes are cached. */
function segmentsOf(body: AnswerObject, messages: readonly AnswerObject[]): readonly Segment[] {
  const parts = [
    ...objectsIn(body['tools']),
    ...partsOf(body['system']),
    ...messages.flatMap(({ content }) => partsOf(content)),
  ];
  const segments = parts.map(segmentOf);
  const whole = markOf(body);
  const last = segments.at(-1);
  return whole && last ? [...segments.slice(0, -1), { ...last, cache: whole }] : segments;
}

function segmentOf(part: AnswerObject): Segment {
  const { cache_control: _mark, ...content } = part;
  const segment = part['type'] === 'text' ? textSegment(textIn(part['text']) ?? '') : partSegment(content);
  const cache = markOf(part);
  return cache ? { ...segment, cache } : segment;
}

function markOf(part: AnswerObject): '5m' | '1h' | undefined {
  const mark = objectIn(part['cache_control']);
  if (!mark) return undefined;
  return mark['ttl'] === '1h' ? '1h' : '5m';
}

function partsOf(content: unknown): readonly AnswerObject[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : objectsIn(content);
}

function textsOf(parts: readonly AnswerObject[]): readonly string[] {
  return parts.filter(({ type }) => type === 'text').map(({ text }) => textIn(text) ?? '');
}

function toolChoice(choice: AnswerObject | undefined): ToolChoice {
  const name = textIn(choice?.['name']);
  if (choice?.['type'] === 'tool' && name !== undefined) return { kind: 'named', name };
  if (choice?.['type'] === 'any') return { kind: 'any' };
  return { kind: choice?.['type'] === 'none' ? 'none' : 'auto' };
}

function thinking(asked: AnswerObject | undefined): Prompt['thinking'] {
  const on = asked?.['type'] === 'enabled' || asked?.['type'] === 'adaptive';
  return { tokens: on ? THINKING_TOKENS : 0, shown: asked?.['display'] !== 'omitted' };
}
