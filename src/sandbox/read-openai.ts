/** What requests of OpenAI's Chat Completions and Responses have in common. */
import { type AnswerObject, objectIn, objectsIn, textIn } from '../wire/framing/fields.ts';
import { type Prompt, partSegment, type Segment, type Tool, type ToolChoice, textSegment } from './prompt.ts';

/** The texts of a message's content: a string, or parts that carry `text`. */
export function textsOf(content: unknown): readonly string[] {
  if (typeof content === 'string') return [content];
  return objectsIn(content).flatMap(({ text }) => (typeof text === 'string' ? [text] : []));
}

/** A message or an item as segments: its texts apart from everything else in it. */
export function segmentsOf(message: AnswerObject): readonly Segment[] {
  const { content } = message;
  if (typeof content === 'string') return [textSegment(content)];
  if (!Array.isArray(content)) return [partSegment(message)];
  return objectsIn(content).map((part) =>
    typeof part['text'] === 'string' ? textSegment(part['text']) : partSegment(part),
  );
}

/** A function as a tool; Chat Completions wraps it in `function`. */
export function toolsOf(value: unknown): readonly Tool[] {
  return objectsIn(value).flatMap((tool) => {
    const described = objectIn(tool['function']) ?? tool;
    const name = textIn(described['name']);
    return tool['type'] === 'function' && name !== undefined ? [{ name, schema: described['parameters'] }] : [];
  });
}

export function toolChoiceOf(value: unknown): ToolChoice {
  if (value === 'none') return { kind: 'none' };
  if (value === 'required') return { kind: 'any' };
  const named = objectIn(value);
  const name = textIn(objectIn(named?.['function'])?.['name'] ?? named?.['name']);
  return name === undefined ? { kind: 'auto' } : { kind: 'named', name };
}

/** `response_format` of one API and `text.format` of the other. */
export function jsonAsked(format: AnswerObject | undefined): Pick<Prompt, 'json'> {
  if (format?.['type'] === 'json_object') return { json: { schema: true } };
  if (format?.['type'] !== 'json_schema') return {};
  return { json: { schema: objectIn(format['json_schema'])?.['schema'] ?? format['schema'] } };
}

/** Reasoning models think unseen, by the effort that is asked for. */
export function reasoningOf(model: string, effort: unknown): Prompt['thinking'] {
  const reasons = /^(?:o\d|gpt-(?:[5-9]|\d\d)|codex)/.test(model) && !model.includes('chat');
  const tokens = EFFORT_TOKENS[textIn(effort) ?? 'medium'] ?? EFFORT_TOKENS['medium'] ?? 0;
  return { tokens: reasons ? tokens : 0, shown: false };
}

const EFFORT_TOKENS: Readonly<Record<string, number>> = {
  none: 0,
  minimal: 0,
  low: 16,
  medium: 32,
  high: 64,
  xhigh: 128,
};

/** From GPT-5.6 on, writes to the cache are billed, and told. */
export function tellsCacheWrites(model: string): boolean {
  const [, major = '0', minor = '0'] = /^gpt-(\d+)(?:\.(\d+))?/.exec(model) ?? [];
  return Number(major) > 5 || (Number(major) === 5 && Number(minor) >= 6);
}

/** OpenAI's error, in either API. */
export function openaiError(status: number, message: string) {
  const [type, code] = ERRORS[status] ?? (status < 500 ? ['invalid_request_error', null] : ['server_error', null]);
  return { error: { message, type, param: null, code } };
}

const ERRORS: Readonly<Record<number, readonly [type: string, code: string | null]>> = {
  401: ['invalid_request_error', 'invalid_api_key'],
  402: ['insufficient_quota', 'insufficient_quota'],
  404: ['invalid_request_error', 'not_found'],
  429: ['requests', 'rate_limit_exceeded'],
};
