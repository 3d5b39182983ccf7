/** Meters a stream of the Messages API. Every byte passes as it came; text deltas are counted without being parsed. */
import type { MeteredCall } from '../../core/pricing/usage.ts';
import { type AnswerObject, answerObject, objectIn } from '../framing/fields.ts';
import { type SsePiece, SseReader } from '../framing/sse.ts';
import { stringMemberBytes } from '../framing/string-bytes.ts';
import type { Delivered, Meter, MeterState } from '../framing/wire.ts';
import { MessagesReport } from './report.ts';

const NOTHING = new Uint8Array(0);

/** Members of a `content_block_delta` that carry what was generated; signatures and citations do not. */
const GENERATED = ['"text"', '"thinking"', '"partial_json"'].map((key) => new TextEncoder().encode(key));

/** Events that say nothing of usage, some of them large: whole search results. */
const UNREAD: ReadonlySet<string> = new Set(['content_block_start', 'content_block_stop', 'ping']);

export class StreamMeter implements Meter {
  readonly #reader = new SseReader();
  readonly #report: MessagesReport;
  #outputBytes = 0;

  /** @param model the one asked for */
  constructor(model: string) {
    this.#report = new MessagesReport(model);
  }

  get state(): MeterState {
    return this.#report.state;
  }

  get delivered(): Delivered {
    return { outputBytes: this.#outputBytes, mediaBytes: 0 };
  }

  push(chunk: Uint8Array): Uint8Array {
    for (const piece of this.#reader.push(chunk)) this.#read(piece);
    return chunk;
  }

  end(): Uint8Array {
    const last = this.#reader.end();
    if (last) this.#read(last);
    return NOTHING;
  }

  metered(): MeteredCall | undefined {
    return this.#report.metered();
  }

  #read({ event, data, raw }: SsePiece): void {
    if (event === 'content_block_delta') {
      // A delta too large to read is generated text for the most part.
      this.#outputBytes += data === undefined ? raw.length : stringMemberBytes(data, GENERATED);
      return;
    }
    if (data === undefined || UNREAD.has(event)) return;
    const answer = answerObject(data);
    if (answer) this.#take(answer, data);
  }

  #take(answer: AnswerObject, data: Uint8Array): void {
    const message = objectIn(answer.message);
    if (answer.type === 'message_start' && message) this.#report.takeMessage(message);
    else if (answer.type === 'message_delta') this.#report.takeDelta(objectIn(answer.delta), answer);
    else if (answer.type === 'message_stop') this.#report.close('complete');
    else if (answer.type === 'error') this.#report.close('failed');
    else if (answer.type === 'content_block_delta') this.#outputBytes += stringMemberBytes(data, GENERATED);
  }
}
