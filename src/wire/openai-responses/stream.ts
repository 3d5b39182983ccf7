/** Meters a stream of events. It is complete at `response.completed` or `.incomplete`, where Codex hangs up. */
import type { MeteredCall } from '../../core/pricing/usage.ts';
import { answerObject, textIn } from '../framing/fields.ts';
import { type SsePiece, SseReader } from '../framing/sse.ts';
import type { Delivered, Meter, MeterState } from '../framing/wire.ts';
import type { ResponseReport } from './report.ts';

/**
 * The last event repeats the whole response, drawn images and log probabilities included, and alone carries the usage:
 * it may be far larger than any other.
 */
const EVENT_BYTES_MOST = 33_554_432;

const NOTHING = new Uint8Array(0);

export class StreamMeter implements Meter {
  readonly #report: ResponseReport;
  readonly #reader = new SseReader(EVENT_BYTES_MOST);

  constructor(report: ResponseReport) {
    this.#report = report;
  }

  get state(): MeterState {
    return this.#report.state;
  }

  get delivered(): Delivered {
    return this.#report.delivered;
  }

  push(chunk: Uint8Array): Uint8Array {
    for (const piece of this.#reader.push(chunk)) this.#read(piece);
    return chunk;
  }

  end(): Uint8Array {
    const rest = this.#reader.end();
    if (rest) this.#read(rest);
    return NOTHING;
  }

  metered(): MeteredCall | undefined {
    return this.#report.metered();
  }

  #read({ event, data }: SsePiece): void {
    if (!data || (event !== '' && !isRead(event))) return;
    const read = answerObject(data);
    if (read) this.#report.takeEvent(textIn(read['type']) ?? event, read);
  }
}

/** The events that say something about cost. The others, some of which repeat the whole request, are not parsed. */
function isRead(event: string): boolean {
  return event.endsWith('.delta') || READ.has(event);
}

const READ: ReadonlySet<string> = new Set([
  'error',
  'response.completed',
  'response.incomplete',
  'response.failed',
  'response.output_item.done',
  'response.image_generation_call.partial_image',
]);
