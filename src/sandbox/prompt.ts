/** What the sandbox reads of a request, whatever wire it came over. */
import type { AnswerObject } from '../wire/framing/fields.ts';
import { countTokens } from './tokens.ts';

/** A stretch of input that is cached or not as a whole. */
export interface Segment {
  /** What tells it from others. */
  readonly text: string;
  readonly tokens: number;
  /** A cache breakpoint stands at its end, for this long. */
  readonly cache?: '5m' | '1h';
}

export interface Tool {
  readonly name: string;
  /** JSON Schema of its arguments. */
  readonly schema: unknown;
}

export type ToolChoice = { readonly kind: 'auto' | 'none' | 'any' } | { readonly kind: 'named'; readonly name: string };

export interface Prompt {
  readonly model: string;
  readonly segments: readonly Segment[];
  /** The texts of the newest turn: what is answered, and where markers are read. */
  readonly said: readonly string[];
  /** What tools gave back in the newest turn. */
  readonly toolResults: readonly string[];
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice;
  /** The answer must be JSON: of this schema, or any where `schema` is `true`. */
  readonly json?: { readonly schema: unknown };
  /** Tokens of thinking that the model would spend, and whether the client is shown them. */
  readonly thinking: { readonly tokens: number; readonly shown: boolean };
  /** The most output tokens, thinking included. */
  readonly outputMost?: number;
  readonly choices: number;
  /** How the answer is framed: one JSON document, server-sent events, or Gemini's array of chunks. */
  readonly framing: 'json' | 'sse' | 'array';
  /** OpenAI chat streams tell their usage only when asked. */
  readonly streamsUsage: boolean;
}

/** The request is not one that a provider would take; its message is for the client. */
export class Unacceptable extends Error {}

/** What an image, a sound or a document counts, whatever its size. */
const MEDIA_TOKENS = 258;

/** A segment of plain text. */
export function textSegment(text: string): Segment {
  return { text, tokens: countTokens(text) };
}

/** A segment of one part of a message that is not plain text: a tool call, a result, a picture. */
export function partSegment(part: unknown): Segment {
  const text = JSON.stringify(part) ?? '';
  let media = 0;
  const plain = text.replace(ENCODED, () => {
    media += 1;
    return '';
  });
  return { text, tokens: countTokens(plain) + media * MEDIA_TOKENS };
}

/** Base64 of an image, a sound or a document. */
const ENCODED = /[\w+/=-]{2000,}/g;

/** An object's member in either spelling; the Gemini API takes camel and snake case. */
export function either(object: AnswerObject | undefined, camel: string): unknown {
  return object?.[camel] ?? object?.[camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}
