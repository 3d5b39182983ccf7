/** Reads requests and answers in the words of the Gemini API. */
import { type AnswerObject, countIn, objectIn, objectsIn, textIn } from '../wire/framing/fields.ts';
import { type Answer, type Frame, inPieces, type Speaker, type Usage } from './answer.ts';
import { either, type Prompt, partSegment, type Tool, type ToolChoice, textSegment, Unacceptable } from './prompt.ts';
import type { Script } from './script.ts';

export const gemini: Speaker = {
  read,
  whole: (answer) => chunk(answer, wholeParts(answer), true, answer.usage),
  frames,
  error: (status, message, _id, retryAfterSeconds) => ({
    error: {
      ...geminiError(status, message),
      ...(retryAfterSeconds === undefined ? {} : { details: [retryInfo(retryAfterSeconds)] }),
    },
  }),
  errorFrame: (message, prompt) => framed({ error: geminiError(503, message) }, prompt, false),
};

const FINISH_REASONS: Readonly<Record<Script['stop'], string>> = {
  end: 'STOP',
  length: 'MAX_TOKENS',
  call: 'STOP',
  refused: 'SAFETY',
};

const STATUSES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

function geminiError(status: number, message: string) {
  return { code: status, message, status: STATUSES[status] ?? (status < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL') };
}

/** How the Gemini API says when to try again, having no header for it. */
function retryInfo(seconds: number) {
  return { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${seconds}s` };
}

/** Thinking of a model that thinks, where the request does not turn it off. */
const THINKING_TOKENS = 32;

function read(body: AnswerObject, model: string | undefined, query: URLSearchParams): Prompt {
  if (!model) throw new Unacceptable('model is required');
  const contents = objectsIn(body['contents']);
  if (contents.length === 0) throw new Unacceptable('* GenerateContentRequest.contents: contents is not specified');
  const parts = contents.slice(contents.findLastIndex(({ role }) => role === 'model') + 1).flatMap(partsOf);
  const config = objectIn(either(body, 'generationConfig'));
  const outputMost = countIn(either(config, 'maxOutputTokens'));
  const system = objectIn(either(body, 'systemInstruction'));
  const everything = [...(system ? partsOf(system) : []), ...contents.flatMap(partsOf)];
  return {
    model,
    segments: [
      ...objectsIn(body['tools']).map(partSegment),
      ...everything.map((part) => (typeof part['text'] === 'string' ? textSegment(part['text']) : partSegment(part))),
    ],
    said: parts.flatMap(({ text }) => (typeof text === 'string' ? [text] : [])),
    toolResults: parts.flatMap((part) => {
      const result = objectIn(either(part, 'functionResponse'));
      return result ? [JSON.stringify(result['response'] ?? {})] : [];
    }),
    tools: toolsOf(body['tools']),
    toolChoice: toolChoiceOf(objectIn(either(body, 'toolConfig'))),
    ...jsonAsked(config),
    thinking: thinkingOf(model, objectIn(either(config, 'thinkingConfig'))),
    ...(outputMost ? { outputMost } : {}),
    choices: Math.min(Math.max(countIn(either(config, 'candidateCount')) ?? 1, 1), 8),
    framing: query.get('alt') === 'sse' ? 'sse' : 'array',
    streamsUsage: true,
  };
}

function partsOf(content: AnswerObject): readonly AnswerObject[] {
  return objectsIn(content['parts']);
}

function toolsOf(tools: unknown): readonly Tool[] {
  return objectsIn(tools)
    .flatMap((tool) => objectsIn(either(tool, 'functionDeclarations')))
    .flatMap((declared) => {
      const name = textIn(declared['name']);
      const schema = either(declared, 'parametersJsonSchema') ?? declared['parameters'];
      return name === undefined ? [] : [{ name, schema }];
    });
}

function toolChoiceOf(config: AnswerObject | undefined): ToolChoice {
  const calling = objectIn(either(config, 'functionCallingConfig'));
  const allowed = either(calling, 'allowedFunctionNames');
  const [name] = Array.isArray(allowed) ? allowed : [];
  if (calling?.['mode'] === 'NONE') return { kind: 'none' };
  if (calling?.['mode'] !== 'ANY') return { kind: 'auto' };
  return typeof name === 'string' ? { kind: 'named', name } : { kind: 'any' };
}

function jsonAsked(config: AnswerObject | undefined): Pick<Prompt, 'json'> {
  if (either(config, 'responseMimeType') !== 'application/json') return {};
  return { json: { schema: either(config, 'responseJsonSchema') ?? either(config, 'responseSchema') ?? true } };
}

function thinkingOf(model: string, config: AnswerObject | undefined): Prompt['thinking'] {
  const thinks = /gemini-(?:2\.5|[3-9])/.test(model) && !model.includes('lite');
  const budget = either(config, 'thinkingBudget');
  const asked = typeof budget === 'number' && budget > 0 ? Math.min(budget, THINKING_TOKENS) : THINKING_TOKENS;
  const on = budget === undefined || budget === null ? thinks : budget !== 0;
  return { tokens: on ? asked : 0, shown: either(config, 'includeThoughts') === true };
}

function* frames(answer: Answer): Iterable<Frame> {
  const { prompt, script, usage } = answer;
  const array = prompt.framing === 'array';
  let first = true;
  let said = 0;
  const step = (parts: readonly unknown[], last: boolean, tokens: number) => {
    said += tokens * prompt.choices;
    const sofar = usage && { ...usage, output: last ? usage.output : Math.min(usage.output, usage.reasoning + said) };
    const frame = framed(chunk(answer, parts, last, sofar), prompt, first, tokens);
    first = false;
    return frame;
  };
  if (prompt.thinking.shown && script.thinking.length > 0) {
    yield step([{ text: script.thinking.join(''), thought: true }], false, 0);
  }
  for (const { text, tokens } of inPieces(script.text)) yield step([{ text }], false, tokens);
  yield step(script.call ? [callPart(answer)] : [{ text: '' }], true, 0);
  if (array) yield { text: ']', tokens: 0 };
}

/** A chunk as an event, or as an element of the array that a stream without `alt=sse` is. */
function framed(data: unknown, prompt: Prompt, first: boolean, tokens = 0): Frame {
  const json = JSON.stringify(data);
  if (prompt.framing === 'array') return { text: `${first ? '[' : ',\r\n'}${json}`, tokens };
  return { text: `data: ${json}\r\n\r\n`, tokens };
}

function chunk(answer: Answer, parts: readonly unknown[], last: boolean, usage: Usage | undefined) {
  const { id, prompt, script } = answer;
  const candidate = {
    content: { parts, role: 'model' },
    ...(last ? { finishReason: FINISH_REASONS[script.stop] } : {}),
  };
  return {
    candidates: Array.from({ length: prompt.choices }, (_, index) => ({ ...candidate, index })),
    ...(usage ? { usageMetadata: usageOf(usage) } : {}),
    modelVersion: prompt.model,
    responseId: id,
  };
}

function wholeParts(answer: Answer): readonly unknown[] {
  const { prompt, script } = answer;
  const shown = prompt.thinking.shown && script.thinking.length > 0;
  return [
    ...(shown ? [{ text: script.thinking.join(''), thought: true }] : []),
    ...(script.call ? [callPart(answer)] : script.text.length > 0 ? [{ text: script.text.join('') }] : []),
  ];
}

function callPart({ id, script }: Answer) {
  return { functionCall: { id, name: script.call?.name, args: script.call?.arguments ?? {} } };
}

function usageOf(usage: Usage) {
  const input = usage.input + usage.cacheRead;
  const cached = [{ modality: 'TEXT', tokenCount: usage.cacheRead }];
  return {
    promptTokenCount: input,
    candidatesTokenCount: usage.output - usage.reasoning,
    totalTokenCount: input + usage.output,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: input }],
    ...(usage.cacheRead > 0 ? { cachedContentTokenCount: usage.cacheRead, cacheTokensDetails: cached } : {}),
    ...(usage.reasoning > 0 ? { thoughtsTokenCount: usage.reasoning } : {}),
    serviceTier: 'standard',
  };
}
