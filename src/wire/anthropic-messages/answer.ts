/** Meters an answer of the Messages API that is one JSON object. */
import type { MeteredCall } from '../../core/pricing/usage.ts';
import { WholeAnswer } from '../framing/whole-answer.ts';
import type { Delivered, Meter, MeterState } from '../framing/wire.ts';
import { MessagesReport, messageBytes } from './report.ts';

const NOTHING = new Uint8Array(0);

export class AnswerMeter implements Meter {
  readonly #report: MessagesReport;
  readonly #answer = new WholeAnswer();
  #messageBytes: number | undefined;

  /** @param model the one asked for */
  constructor(model: string) {
    this.#report = new MessagesReport(model);
  }

  get state(): MeterState {
    return this.#report.state;
  }

  /** Of an answer that broke off, every byte: JSON shows what it says only when it is whole. */
  get delivered(): Delivered {
    return { outputBytes: this.#messageBytes ?? this.#answer.bytes, mediaBytes: 0 };
  }

  push(chunk: Uint8Array): Uint8Array {
    this.#answer.push(chunk);
    return chunk;
  }

  end(): Uint8Array {
    const answer = this.#answer.object();
    if (answer) {
      this.#messageBytes = messageBytes(answer);
      this.#report.takeMessage(answer);
      this.#report.close(answer.type === 'error' ? 'failed' : 'complete');
    }
    return NOTHING;
  }

  metered(): MeteredCall | undefined {
    return this.#report.metered();
  }
}
