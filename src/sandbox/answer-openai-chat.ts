/** Reads requests and answers in the words of OpenAI's Chat Completions API. */
import { type AnswerObject, countIn, objectIn, objectsIn, textIn } from '../wire/framing/fields.ts';
import { type Answer, CREATED_AT_SECONDS, type Frame, inPieces, type Speaker, sse, type Usage } from './answer.ts';
import { type Prompt, partSegment, Unacceptable } from './prompt.ts';
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
import type { Script } from './script.ts';

export const openaiChat: Speaker = {
  read,
  whole: (answer) => ({
    ...head(answer),
    object: 'chat.completion',
    choices: eachChoice(answer, (index) => ({
      index,
      message: message(answer, index),
      logprobs: null,
      finish_reason: FINISH_REASONS[answer.script.stop],
    })),
    ...(answer.usage ? { usage: usageOf(answer.usage, answer.prompt.model) } : {}),
  }),
  frames,
  error: openaiError,
  errorFrame: (text) => sse(openaiError(503, text)),
};

const FINISH_REASONS: Readonly<Record<Script['stop'], string>> = {
  end: 'stop',
  length: 'length',
  call: 'tool_calls',
  refused: 'content_filter',
};

function read(body: AnswerObject): Prompt {
  const model = textIn(body['model']);
  if (!model) throw new Unacceptable('you must provide a model parameter');
  const messages = objectsIn(body['messages']);
  if (messages.length === 0) throw new Unacceptable("Missing required parameter: 'messages'.");
  const newest = messages.slice(messages.findLastIndex(({ role }) => role === 'assistant') + 1);
  const outputMost = countIn(body['max_completion_tokens'] ?? body['max_tokens']);
  const stream = body['stream'] === true;
  return {
    model,
    segments: [...objectsIn(body['tools']).map(partSegment), ...messages.flatMap(segmentsOf)],
    said: newest.filter(({ role }) => role === 'user').flatMap(({ content }) => textsOf(content)),
    toolResults: newest.filter(({ role }) => role === 'tool').map(({ content }) => textsOf(content).join(' ')),
    tools: toolsOf(body['tools']),
    toolChoice: toolChoiceOf(body['tool_choice']),
    ...jsonAsked(objectIn(body['response_format'])),
    thinking: reasoningOf(model, body['reasoning_effort']),
    ...(outputMost === undefined ? {} : { outputMost }),
    choices: Math.min(Math.max(countIn(body['n']) ?? 1, 1), 128),
    framing: stream ? 'sse' : 'json',
    streamsUsage: !stream || objectIn(body['stream_options'])?.['include_usage'] === true,
  };
}

function* frames(answer: Answer): Iterable<Frame> {
  const { prompt, script, usage } = answer;
  const told = prompt.streamsUsage && usage;
  const chunk = (index: number, delta: unknown, finish: string | null = null, tokens = 0) =>
    sse(
      {
        ...head(answer),
        object: 'chat.completion.chunk',
        choices: [{ index, delta, logprobs: null, finish_reason: finish }],
        ...(told ? { usage: null } : {}),
      },
      tokens,
    );
  for (const index of choices(prompt)) {
    yield chunk(index, { role: 'assistant', content: script.call ? null : '', refusal: null });
    if (script.call) {
      const { function: called, ...call } = toolCall(answer, index);
      yield chunk(index, { tool_calls: [{ index: 0, ...call, function: { ...called, arguments: '' } }] });
      yield chunk(index, { tool_calls: [{ index: 0, function: { arguments: called.arguments } }] });
    }
    for (const { text, tokens } of inPieces(script.text)) yield chunk(index, { content: text }, null, tokens);
    yield chunk(index, {}, FINISH_REASONS[script.stop]);
  }
  if (told) {
    const last = { ...head(answer), object: 'chat.completion.chunk', choices: [], usage: usageOf(told, prompt.model) };
    yield sse(last);
  }
  yield { text: 'data: [DONE]\n\n', tokens: 0 };
}

function head({ id, prompt }: Answer) {
  return {
    id: `chatcmpl-${id}`,
    created: CREATED_AT_SECONDS,
    model: prompt.model,
    service_tier: 'default',
    system_fingerprint: 'fp_sandbox',
  };
}

function message(answer: Answer, index: number) {
  const { script } = answer;
  return {
    role: 'assistant',
    content: script.call ? null : script.text.join(''),
    refusal: null,
    annotations: [],
    ...(script.call ? { tool_calls: [toolCall(answer, index)] } : {}),
  };
}

function toolCall({ id, script }: Answer, index: number) {
  const { name = '', arguments: given = {} } = script.call ?? {};
  return { id: `call_${id}${index}`, type: 'function', function: { name, arguments: JSON.stringify(given) } };
}

function choices(prompt: Prompt): readonly number[] {
  return Array.from({ length: prompt.choices }, (_, index) => index);
}

function eachChoice<T>({ prompt }: Answer, make: (index: number) => T): readonly T[] {
  return choices(prompt).map(make);
}

function usageOf(usage: Usage, model: string) {
  const input = usage.input + usage.cacheRead + usage.cacheWrite5m;
  return {
    prompt_tokens: input,
    completion_tokens: usage.output,
    total_tokens: input + usage.output,
    prompt_tokens_details: {
      cached_tokens: usage.cacheRead,
      audio_tokens: 0,
      ...(tellsCacheWrites(model) ? { cache_write_tokens: usage.cacheWrite5m } : {}),
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
