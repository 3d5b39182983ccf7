/** Meters an answer that is one JSON object. */
import type { MeteredCall } from '../../core/pricing/usage.ts';
import { WholeAnswer } from '../framing/whole-answer.ts';
import type { Delivered, Meter, MeterState } from '../framing/wire.ts';
import type { ResponseReport } from './report.ts';

const NOTHING = new Uint8Array(0);

export class AnswerMeter implements Meter {
  readonly #report: ResponseReport;
  readonly #answer = new WholeAnswer();

  constructor(report: ResponseReport) {
    this.#report = report;
  }

  get state(): MeterState {
    return this.#report.state;
  }

  /** Of an answer that broke off, every byte: JSON shows what it says only when it is whole. */
  get delivered(): Delivered {
    return this.state === 'open' ? { outputBytes: this.#answer.bytes, mediaBytes: 0 } : this.#report.delivered;
  }

  push(chunk: Uint8Array): Uint8Array {
    this.#answer.push(chunk);
    return chunk;
  }

  end(): Uint8Array {
    const answer = this.#answer.object();
    if (answer) this.#report.takeAnswer(answer);
    return NOTHING;
  }

  metered(): MeteredCall | undefined {
    return this.#report.metered();
  }
}
