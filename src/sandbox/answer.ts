/** What a wire's speaker is given to say, and what it says it in. */
import type { TokenUsage } from '../core/pricing/usage.ts';
import type { AnswerObject } from '../wire/framing/fields.ts';
import type { Prompt } from './prompt.ts';
import type { InputUsage } from './prompt-cache.ts';
import type { Script } from './script.ts';

/** Disjoint, as the meter's classes are; `reasoning` lies inside `output`. */
export type Usage = InputUsage & Pick<TokenUsage, 'output' | 'reasoning'>;

export interface Answer {
  /** 24 hexadecimal digits, the same for the same request. */
  readonly id: string;
  readonly prompt: Prompt;
  readonly script: Script;
  /** Absent: the answer tells no usage. */
  readonly usage?: Usage;
}

/** One event of a stream, framed. */
export interface Frame {
  readonly text: string;
  /** How many tokens it carries: a slow stream takes its time from this. */
  readonly tokens: number;
}

/** How one wire is spoken by its provider. Pure. */
export interface Speaker {
  /** Throws `Unacceptable`. `model` and `query` come from the path. */
  read(body: AnswerObject, model: string | undefined, query: URLSearchParams): Prompt;
  /** The answer as one JSON document. */
  whole(answer: Answer): unknown;
  frames(answer: Answer): Iterable<Frame>;
  /** An error as the provider's JSON. */
  error(status: number, message: string, id: string, retryAfterSeconds?: number): unknown;
  /** An error inside a stream that has begun. */
  errorFrame(message: string, prompt: Prompt): Frame;
}

/** When every answer of the sandbox was made: the same request has the same answer. */
export const CREATED_AT_SECONDS = 1_767_225_600;

/** Tokens in pieces of the size that providers stream. */
export function* inPieces(tokens: readonly string[]): Iterable<{ readonly text: string; readonly tokens: number }> {
  const size = 4;
  for (let at = 0; at < tokens.length; at += size) {
    const piece = tokens.slice(at, at + size);
    yield { text: piece.join(''), tokens: piece.length };
  }
}

/** A server-sent event. Without a name only its data. */
export function sse(data: unknown, tokens = 0, name?: string): Frame {
  const event = name === undefined ? '' : `event: ${name}\n`;
  return { text: `${event}data: ${JSON.stringify(data)}\n\n`, tokens };
}
