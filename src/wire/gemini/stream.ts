/** Meters a stream of `streamGenerateContent`, which comes as events (`alt=sse`) or as one long JSON array. */
import type { MeteredCall } from '../../core/pricing/usage.ts';
import { answerObject } from '../framing/fields.ts';
import { SSE_EVENT_BYTES_MOST, type SsePiece, SseReader } from '../framing/sse.ts';
import type { Delivered, Meter, MeterState } from '../framing/wire.ts';
import { ElementReader } from './elements.ts';
import type { GeminiReport } from './report.ts';

const NOTHING = new Uint8Array(0);

/** A picture comes in one event, beside the usage. */
const MEDIA_EVENT_BYTES_MOST = 33_554_432;

type StreamPiece = Pick<SsePiece, 'raw' | 'data' | 'unread'>;

interface StreamReader {
  push(chunk: Uint8Array): readonly StreamPiece[];
  end(): StreamPiece | undefined;
}

export class StreamMeter implements Meter {
  readonly #report: GeminiReport;
  readonly #reader: StreamReader;
  #ended = false;

  constructor(report: GeminiReport, { sse, media }: { readonly sse: boolean; readonly media: boolean }) {
    const bytesMost = media ? MEDIA_EVENT_BYTES_MOST : SSE_EVENT_BYTES_MOST;
    this.#report = report;
    this.#reader = sse ? new SseReader(bytesMost) : new ElementReader(bytesMost);
  }

  /** No chunk is marked as the last: the stream is complete when it ends and every candidate has. */
  get state(): MeterState {
    if (this.#report.failed) return 'failed';
    return this.#ended && this.#report.finished ? 'complete' : 'open';
  }

  get delivered(): Delivered {
    return this.#report.delivered;
  }

  push(chunk: Uint8Array): Uint8Array {
    for (const piece of this.#reader.push(chunk)) this.#read(piece);
    return chunk;
  }

  end(): Uint8Array {
    const last = this.#reader.end();
    if (last) this.#read(last);
    this.#ended = true;
    return NOTHING;
  }

  metered(): MeteredCall | undefined {
    return this.#report.metered();
  }

  #read({ raw, data, unread }: StreamPiece): void {
    if (unread) this.#report.takeUnread(raw.length);
    const answer = data && answerObject(data);
    if (answer) this.#report.take(answer);
  }
}
