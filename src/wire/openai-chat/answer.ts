/** Meters an answer that is one JSON object. */
import type { MeteredCall } from '../../core/pricing/usage.ts';
import { WholeAnswer } from '../framing/whole-answer.ts';
import type { Delivered, Meter, MeterState } from '../framing/wire.ts';
import type { ChatReport } from './report.ts';

const NOTHING = new Uint8Array(0);

export class AnswerMeter implements Meter {
  readonly #report: ChatReport;
  readonly #answer = new WholeAnswer();
  #read = false;

  constructor(report: ChatReport) {
    this.#report = report;
  }

  get state(): MeterState {
    if (!this.#read) return 'open';
    return this.#report.failed ? 'failed' : 'complete';
  }

  /** Of an answer that broke off, every byte: JSON shows what it says only when it is whole. */
  get delivered(): Delivered {
    return this.#read ? this.#report.delivered : { outputBytes: this.#answer.bytes, mediaBytes: 0 };
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
