/** What an answer of the Gemini API has said so far, chunk by chunk or all at once. */
import type { MeteredCall } from '../../core/pricing/usage.ts';
import { type AnswerObject, countIn, objectIn, objectsIn, textBytes, textIn } from '../framing/fields.ts';
import type { Delivered } from '../framing/wire.ts';
import { type Grounding, groundingIn, meteredCall } from './usage.ts';

export class GeminiReport {
  #model: string;
  #usage: AnswerObject | undefined;
  #failed = false;
  #blocked = false;
  /** Whether each candidate that was met has ended. */
  readonly #ended = new Map<number, boolean>();
  readonly #groundings = new Map<number, Grounding>();
  #outputBytes = 0;
  #mediaBytes = 0;
  #media: 'audio' | 'images' | undefined;

  /** @param model the one asked for, which stands until the answer names its own */
  constructor(model: string) {
    this.#model = model;
  }

  get failed(): boolean {
    return this.#failed;
  }

  /** Every candidate has said why it ended, or the prompt was refused. */
  get finished(): boolean {
    return this.#blocked || (this.#ended.size > 0 && [...this.#ended.values()].every(Boolean));
  }

  get delivered(): Delivered {
    return { outputBytes: this.#outputBytes, mediaBytes: this.#mediaBytes };
  }

  /** Takes bytes that passed unread. A model that can answer in media has its chunks read, so these are text. */
  takeUnread(bytes: number): void {
    this.#outputBytes += bytes;
  }

  /** Takes a chunk. Its usage is cumulative, so that the last one stands; a count it does not have is none. */
  take(answer: AnswerObject): void {
    if (objectIn(answer.error)) this.#failed = true;
    this.#model = textIn(answer.modelVersion) ?? this.#model;
    const usage = objectIn(answer.usageMetadata);
    // On Vertex AI all chunks but the last tell only how they were served.
    if (usage && (countIn(usage.promptTokenCount) !== undefined || countIn(usage.totalTokenCount) !== undefined)) {
      this.#usage = usage;
    }
    if (textIn(objectIn(answer.promptFeedback)?.blockReason)) this.#blocked = true;
    for (const candidate of objectsIn(answer.candidates)) this.#takeCandidate(candidate);
  }

  metered(): MeteredCall | undefined {
    const media = this.#media;
    const groundings = [...this.#groundings.values()];
    return this.#usage && meteredCall({ model: this.#model, usage: this.#usage, groundings, ...(media && { media }) });
  }

  #takeCandidate(candidate: AnswerObject): void {
    const index = countIn(candidate.index) ?? 0;
    this.#ended.set(index, textIn(candidate.finishReason) !== undefined || this.#ended.get(index) === true);
    const metadata = objectIn(candidate.groundingMetadata);
    if (metadata) this.#groundings.set(index, laterGrounding(this.#groundings.get(index), groundingIn(metadata)));
    for (const part of objectsIn(objectIn(candidate.content)?.parts)) this.#takePart(part);
  }

  #takePart(part: AnswerObject): void {
    this.#outputBytes += textBytes(part.text) + textBytes(objectIn(part.executableCode)?.code);
    const call = objectIn(part.functionCall);
    if (call) this.#outputBytes += textBytes(call.name) + textBytes(JSON.stringify(call.args ?? {}));
    const blob = objectIn(part.inlineData);
    if (!blob) return;
    this.#mediaBytes += textBytes(blob.data);
    this.#media = textIn(blob.mimeType)?.startsWith('audio/') ? 'audio' : 'images';
  }
}

/** Grounding is told again as it grows, never as an addition. */
function laterGrounding(earlier: Grounding | undefined, later: Grounding): Grounding {
  return {
    queries: Math.max(earlier?.queries ?? 0, later.queries),
    webResults: earlier?.webResults || later.webResults,
    mapsResults: earlier?.mapsResults || later.mapsResults,
  };
}
