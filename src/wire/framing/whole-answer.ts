/** A JSON answer that passes in chunks and is read when it has ended. */
import { type AnswerObject, answerObject } from './fields.ts';
import { concatBytes } from './splice.ts';

/** An answer above this is passed on unread: its call is then charged by what was delivered. */
const WHOLE_ANSWER_BYTES_MOST = 33_554_432;

export class WholeAnswer {
  readonly #bytesMost: number;
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(bytesMost: number = WHOLE_ANSWER_BYTES_MOST) {
    this.#bytesMost = bytesMost;
  }

  /** Bytes that have passed. */
  get bytes(): number {
    return this.#bytes;
  }

  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#bytesMost) this.#chunks.push(chunk);
    else this.#chunks = [];
  }

  /** What has passed, as an object; `undefined` when it is none, or was too large to keep. */
  object(): AnswerObject | undefined {
    return answerObject(concatBytes(this.#chunks));
  }
}
