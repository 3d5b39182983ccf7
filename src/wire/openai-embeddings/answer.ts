/**
 * Meters an answer of vectors. It may be a hundred megabytes of numbers and is never parsed: its model and usage stand
 * behind the vectors, or before them, so that only its two ends are kept.
 */
import { type MeteredCall, NO_USAGE } from '../../core/pricing/usage.ts';
import { answerObject, countIn } from '../framing/fields.ts';
import { concatBytes } from '../framing/splice.ts';
import type { Delivered, Meter, MeterState } from '../framing/wire.ts';

/** Kept of each end: the usage is some 100 bytes, and nothing but a model's name stands beside it. */
const END_BYTES = 4_096;

const NOTHING = new Uint8Array(0);
const TEXT = new TextDecoder();

export class AnswerMeter implements Meter {
  readonly #modelAskedFor: string;
  #head: Uint8Array = NOTHING;
  #tail: Uint8Array = NOTHING;
  #state: MeterState = 'open';
  #metered: MeteredCall | undefined;

  constructor(modelAskedFor: string) {
    this.#modelAskedFor = modelAskedFor;
  }

  get state(): MeterState {
    return this.#state;
  }

  /** Vectors are not generated tokens. */
  get delivered(): Delivered {
    return { outputBytes: 0, mediaBytes: 0 };
  }

  push(chunk: Uint8Array): Uint8Array {
    const toHead = chunk.subarray(0, END_BYTES - this.#head.length);
    if (toHead.length > 0) this.#head = concatBytes([this.#head, toHead]);
    const toTail = chunk.subarray(toHead.length).subarray(-END_BYTES);
    if (toTail.length > 0) this.#tail = concatBytes([this.#tail, toTail]).slice(-END_BYTES);
    return chunk;
  }

  end(): Uint8Array {
    const ends = TEXT.decode(concatBytes([this.#head, this.#tail]));
    this.#metered = this.#usageIn(ends);
    if (this.#metered && ends.trimEnd().endsWith('}')) this.#state = 'complete';
    else if (answerObject(concatBytes([this.#head, this.#tail]))?.['error']) this.#state = 'failed';
    return NOTHING;
  }

  metered(): MeteredCall | undefined {
    return this.#metered;
  }

  /** The only strings of such an answer are names and base64: a quoted `usage` in it is the key. */
  #usageIn(ends: string): MeteredCall | undefined {
    const usage = /"usage"\s*:\s*(\{(?:[^{}]|\{[^{}]*\})*\})/.exec(ends)?.[1] ?? '';
    const input = countIn(answerObject(new TextEncoder().encode(usage))?.['prompt_tokens']);
    if (input === undefined) return undefined;
    const model = /"model"\s*:\s*"([^"\\]+)"/.exec(ends)?.[1] ?? this.#modelAskedFor;
    return { lines: [{ model, usage: { ...NO_USAGE, input }, contextTokens: input }], toolUses: {} };
  }
}
