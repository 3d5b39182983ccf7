/**
 * Meters a stream of chunks. The usage comes in a chunk of its own before `[DONE]`, with `choices: []`; it is taken out
 * where we asked for it and the client did not.
 */
import type { MeteredCall } from '../../core/pricing/usage.ts';
import { answerObject } from '../framing/fields.ts';
import { concatBytes } from '../framing/splice.ts';
import { type SsePiece, SseReader } from '../framing/sse.ts';
import type { Delivered, Meter, MeterState } from '../framing/wire.ts';
import type { ChatReport } from './report.ts';

const DONE = new TextEncoder().encode('[DONE]');
const NOTHING = new Uint8Array(0);

export class StreamMeter implements Meter {
  readonly #report: ChatReport;
  readonly #takesUsageOut: boolean;
  readonly #reader = new SseReader();
  #done = false;

  constructor(report: ChatReport, takesUsageOut: boolean) {
    this.#report = report;
    this.#takesUsageOut = takesUsageOut;
  }

  get state(): MeterState {
    if (this.#report.failed) return 'failed';
    return this.#done ? 'complete' : 'open';
  }

  get delivered(): Delivered {
    return this.#report.delivered;
  }

  push(chunk: Uint8Array): Uint8Array {
    const passed = this.#reader.push(chunk).filter((piece) => this.#passes(piece));
    const [only, ...others] = passed.map((piece) => piece.raw);
    if (!only) return NOTHING;
    return others.length === 0 ? only : concatBytes([only, ...others]);
  }

  end(): Uint8Array {
    const rest = this.#reader.end();
    return rest && this.#passes(rest) ? rest.raw : NOTHING;
  }

  metered(): MeteredCall | undefined {
    return this.#report.metered();
  }

  #passes({ data }: SsePiece): boolean {
    if (!data) return true;
    if (data.length === DONE.length && DONE.every((byte, i) => byte === data[i])) {
      this.#done = true;
      return true;
    }
    const chunk = answerObject(data);
    if (!chunk) return true;
    const onlyUsage = this.#report.take(chunk);
    return !(onlyUsage && this.#takesUsageOut);
  }
}
