/**
 * What every wire can do, as pure functions over bytes. A wire knows one provider protocol and no other wire;
 * the gateway knows them all through this interface only.
 */
import type { Refusal } from '../../core/errors.ts';
import type { CallDemand } from '../../core/pricing/demand.ts';
import type { MeteredCall } from '../../core/pricing/usage.ts';

export type WireName = 'anthropic-messages' | 'openai-chat' | 'openai-responses' | 'openai-embeddings' | 'gemini';

/** A request as a wire reads it. */
export interface WireRequest {
  readonly model: string;
  readonly stream: boolean;
  /** What to hold for. `null`: a call the provider answers free of charge (counting tokens). */
  readonly demand: CallDemand | null;
  /**
   * The bytes to send: the client's own with the splices metering needs, and with `outputLimit` (tokens per candidate)
   * put in or lowered when given. Everything else stays byte for byte.
   */
  readonly forward: (outputLimit?: number) => Uint8Array;
}

/** How far an answer has come. `complete`: the provider's own last event was read; `failed`: it reported an error. */
export type MeterState = 'open' | 'complete' | 'failed';

/** What was passed to the client, for an answer whose usage never came. */
export interface Delivered {
  /** UTF-8 bytes of generated text, thinking and tool arguments seen. */
  readonly outputBytes: number;
  /** Bytes of generated binary (audio, images), undecoded. */
  readonly mediaBytes: number;
}

/** Reads an answer as it passes, cut anywhere. Never throws on the provider's bytes: what it cannot read it passes on. */
export interface Meter {
  /** Takes the next bytes and returns those to pass on now (usually the same; possibly none, possibly fewer). */
  push(chunk: Uint8Array): Uint8Array;
  /** The provider's bytes ended; returns what is left to pass on. */
  end(): Uint8Array;
  readonly state: MeterState;
  /** The usage reported so far; `undefined` while nothing was reported. */
  metered(): MeteredCall | undefined;
  readonly delivered: Delivered;
}

/** An answer of ours in a wire's own words. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What a refusal is told about who asks. */
export interface RefusalContext {
  readonly requestId: string;
  /** `codex` needs another spelling of a spent budget; see docs/reference/refusals.md. */
  readonly client: 'codex' | 'other';
  /** The request asked for a stream: Codex wants some refusals as one. */
  readonly stream: boolean;
}

/** A model as the wire's list endpoint shows it. */
export interface ListedModel {
  readonly id: string;
  readonly contextTokensMost: number;
  readonly outputTokensMost: number;
}

export interface Wire {
  readonly name: WireName;
  readonly provider: 'anthropic' | 'openai' | 'gemini';
  /**
   * Reads a request's body. `path` carries what the wire reads from its path. Throws `Refused` with `invalid` when the
   * body is not what the wire's specification says on any field that is priced.
   */
  read(
    body: Uint8Array,
    path: { readonly model?: string; readonly action: string; readonly query: string },
  ): WireRequest;
  /** A meter for the answer to `request`; `sse` when the answer is an event stream. */
  meter(request: WireRequest, sse: boolean): Meter;
  refuse(refusal: Refusal, context: RefusalContext): WireAnswer;
  /** An error inside a stream that has begun: bytes that make the wire's clients raise, never a finished stream. */
  breakStream(refusal: Refusal, context: RefusalContext): Uint8Array;
  /** The answer to a list of models. */
  listModels(models: readonly ListedModel[]): WireAnswer;
}
