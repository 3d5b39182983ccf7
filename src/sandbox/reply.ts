/** From a request to all that will be answered: read, scripted, counted and put into the wire's words. */
import { createHash } from 'node:crypto';
import { answerObject, objectIn } from '../wire/framing/fields.ts';
import type { Answer, Frame, Speaker, Usage } from './answer.ts';
import { anthropicMessages } from './answer-anthropic-messages.ts';
import { gemini } from './answer-gemini.ts';
import { openaiChat } from './answer-openai-chat.ts';
import { openaiResponses } from './answer-openai-responses.ts';
import { type Embedded, geminiEmbedding, geminiEmbeddings, openaiEmbeddings } from './embeddings.ts';
import { type Faults, faultsIn } from './faults.ts';
import { listOf } from './models.ts';
import { either, type Prompt, Unacceptable } from './prompt.ts';
import type { Caching, PromptCache } from './prompt-cache.ts';
import { readAnthropicMessages } from './read-anthropic-messages.ts';
import { tellsCacheWrites } from './read-openai.ts';
import type { Provider, Route } from './routes.ts';
import { type Script, scriptFor } from './script.ts';

/** What goes on the socket, and the faults with which it does. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A whole body; or the events of a stream, and the one that tells an error. */
  readonly body: string | { readonly frames: Iterable<Frame>; readonly error: Frame };
  readonly faults: Faults;
}

const SPEAKERS: Readonly<Record<Provider, Speaker>> = { anthropic: anthropicMessages, openai: openaiChat, gemini };

/** The limit that "usage above limit" goes beyond where the request states none. */
const UNSTATED_LIMIT = 64_000;

/** The reply to a request whose body has been read. Never throws on what a client may send. */
export function replyTo(route: Route, body: Uint8Array, cache: PromptCache): Reply {
  const id = createHash('sha256')
    .update(`${route.provider} ${route.action} ${route.model} ${route.query}\n`)
    .update(body)
    .digest('hex')
    .slice(0, 24);
  try {
    return answered(route, body, id, cache);
  } catch (error) {
    if (error instanceof Unacceptable) return refusal(route.provider, 400, error.message, id);
    throw error;
  }
}

/** An error of the provider's. */
export function refusal(provider: Provider, status: number, message: string, id = 'none', faults: Faults = {}): Reply {
  const after = faults.retryAfterSeconds;
  const reply = json(provider, SPEAKERS[provider].error(status, message, id, after), id, faults);
  return {
    ...reply,
    status,
    headers: { ...reply.headers, ...(after === undefined ? {} : { 'retry-after': `${after}` }) },
  };
}

function answered(route: Route, bytes: Uint8Array, id: string, cache: PromptCache): Reply {
  const { provider, action, model, query } = route;
  if (action === undefined) return refusal(provider, 404, 'The sandbox has no such endpoint.', id);
  if (action === 'models') return json(provider, listOf(provider), id);
  const body = answerObject(bytes);
  if (!body) throw new Unacceptable('The request body is not a JSON object.');
  switch (action) {
    case 'messages':
    case 'chat':
    case 'streamGenerateContent':
      return conversed(provider, SPEAKERS[provider], SPEAKERS[provider].read(body, model, query), id, cache);
    case 'responses':
      return conversed(provider, openaiResponses, openaiResponses.read(body, model, query), id, cache);
    case 'generateContent':
      return conversed(provider, gemini, { ...gemini.read(body, model, query), framing: 'json' }, id, cache);
    case 'count_tokens':
      return counted(provider, readAnthropicMessages(body, true), 'input_tokens', id);
    case 'countTokens': {
      const asked = objectIn(either(body, 'generateContentRequest')) ?? body;
      return counted(provider, gemini.read(asked, model, query), 'totalTokens', id);
    }
    case 'embeddings':
      return embedded(provider, openaiEmbeddings(body), id);
    case 'embedContent':
      return embedded(provider, geminiEmbedding(body), id);
    case 'batchEmbedContents':
      return embedded(provider, geminiEmbeddings(body), id);
  }
}

function conversed(provider: Provider, speaker: Speaker, prompt: Prompt, id: string, cache: PromptCache): Reply {
  const faults = faultsIn(prompt.said);
  if (faults.status !== undefined) return asked(provider, faults.status, id, faults);
  if (faults.ending?.kind === 'error' && prompt.framing === 'json') return asked(provider, 500, id, faults);
  const script = scriptFor(prompt, faults);
  const input = cache.use(`${provider} ${prompt.model}`, prompt.segments, cachingOf(provider, prompt.model));
  const usage = { ...input, ...outputOf(prompt, script, faults) };
  const answer: Answer = { id, prompt, script, ...(faults.noUsage ? {} : { usage }) };
  if (prompt.framing === 'json') return json(provider, speaker.whole(answer), id, faults);
  const contentType = prompt.framing === 'sse' ? 'text/event-stream; charset=utf-8' : 'application/json; charset=UTF-8';
  return {
    status: 200,
    headers: { ...headersOf(provider, id), 'content-type': contentType, 'cache-control': 'no-cache' },
    body: { frames: speaker.frames(answer), error: speaker.errorFrame('The sandbox was asked to fail here.', prompt) },
    faults,
  };
}

function cachingOf(provider: Provider, model: string): Caching {
  if (provider === 'anthropic') return { kind: 'marked' };
  return { kind: 'automatic', writes: provider === 'openai' && tellsCacheWrites(model) };
}

function outputOf(prompt: Prompt, script: Script, faults: Faults): Pick<Usage, 'output' | 'reasoning'> {
  const said = script.output * prompt.choices;
  const above = 2 * (prompt.outputMost ?? UNSTATED_LIMIT) * prompt.choices + 1000;
  return { output: faults.usageAboveLimit ? above : said, reasoning: script.thinking.length * prompt.choices };
}

function counted(provider: Provider, prompt: Prompt, name: string, id: string): Reply {
  const faults = faultsIn(prompt.said);
  if (faults.status !== undefined) return asked(provider, faults.status, id, faults);
  const tokens = prompt.segments.reduce((sum, segment) => sum + segment.tokens, 0);
  return json(provider, { [name]: tokens }, id, faults);
}

function embedded(provider: Provider, { said, answer }: Embedded, id: string): Reply {
  const faults = faultsIn(said);
  return faults.status === undefined ? json(provider, answer, id, faults) : asked(provider, faults.status, id, faults);
}

/** An error because a marker asked for it. */
function asked(provider: Provider, status: number, id: string, faults: Faults): Reply {
  return refusal(provider, status, `The sandbox was asked to answer ${status}.`, id, faults);
}

function json(provider: Provider, body: unknown, id: string, faults: Faults = {}): Reply {
  const headers = { ...headersOf(provider, id), 'content-type': 'application/json' };
  return { status: 200, headers, body: JSON.stringify(body), faults };
}

function headersOf(provider: Provider, id: string): Readonly<Record<string, string>> {
  switch (provider) {
    case 'anthropic':
      return { 'request-id': `req_${id}` };
    case 'openai':
      return { 'x-request-id': `req_${id}`, 'openai-version': '2020-10-01' };
    case 'gemini':
      return {};
  }
}
