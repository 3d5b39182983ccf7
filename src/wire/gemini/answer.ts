/** Meters an answer of the Gemini API that is one JSON object: content, or embeddings. */
import type { MeteredCall } from '../../core/pricing/usage.ts';
import { WholeAnswer } from '../framing/whole-answer.ts';
import type { Delivered, Meter, MeterState } from '../framing/wire.ts';
import type { GeminiReport } from './report.ts';

const NOTHING = new Uint8Array(0);

export class AnswerMeter implements Meter {
  readonly #report: GeminiReport;
  readonly #generates: boolean;
  readonly #answer = new WholeAnswer();
  #read = false;

  /** @param generates whether the answer is generated; embeddings are not, and report no usage */
  constructor(report: GeminiReport, generates: boolean) {
    this.#report = report;
    this.#generates = generates;
  }

  get state(): MeterState {
    if (!this.#read) return 'open';
    return this.#report.failed ? 'failed' : 'complete';
  }

  /** Of generated content that broke off, every byte: JSON shows what it says only when it is whole. */
  get delivered(): Delivered {
    const unread = this.#generates && !this.#read;
    return unread ? { outputBytes: this.#answer.bytes, mediaBytes: 0 } : this.#report.delivered;
  }

  push(chunk: Uint8Array): Uint8Array {
    this.#answer.push(chunk);
    return chunk;
  }

  end(): Uint8Array {
    const answer = this.#answer.object();
    if (answer) {
      this.#report.take(answer);
      this.#read = true;
    }
    return NOTHING;
  }

  metered(): MeteredCall | undefined {
    return this.#report.metered();
  }
}
