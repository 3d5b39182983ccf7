/** What an answer of the Messages API has said so far, event by event or all at once. */
import type { MeteredCall } from '../../core/pricing/usage.ts';
import { type AnswerObject, objectIn, objectsIn, textBytes, textIn } from '../framing/fields.ts';
import type { MeterState } from '../framing/wire.ts';
import { laterUsage, meteredCall } from './usage.ts';

export class MessagesReport {
  #model: string;
  #usage: AnswerObject | undefined;
  #stopReason: string | undefined;
  #state: MeterState = 'open';

  /** @param model the one asked for, which stands until the answer names its own */
  constructor(model: string) {
    this.#model = model;
  }

  get state(): MeterState {
    return this.#state;
  }

  /** Takes a message: the one a stream starts with, or a whole answer. */
  takeMessage(message: AnswerObject): void {
    this.#model = textIn(message.model) ?? this.#model;
    this.takeDelta(message, message);
  }

  /** Takes what a stream's `message_delta` brings; its usage replaces what was reported before, field by field. */
  takeDelta(delta: AnswerObject | undefined, event: AnswerObject): void {
    this.#stopReason = textIn(delta?.stop_reason) ?? this.#stopReason;
    const usage = objectIn(event.usage);
    if (usage) this.#usage = laterUsage(this.#usage ?? {}, usage);
  }

  /** The provider's own last word. */
  close(state: 'complete' | 'failed'): void {
    if (this.#state === 'open') this.#state = state;
  }

  metered(): MeteredCall | undefined {
    const stopReason = this.#stopReason;
    return this.#usage && meteredCall({ model: this.#model, usage: this.#usage, ...(stopReason && { stopReason }) });
  }
}

/** UTF-8 bytes of what a whole message says: text, thinking, and tool arguments as JSON. */
export function messageBytes(message: AnswerObject): number {
  let sum = 0;
  for (const block of objectsIn(message.content)) {
    sum += textBytes(block.text) + textBytes(block.thinking);
    if (block.input !== undefined) sum += textBytes(JSON.stringify(block.input));
  }
  return sum;
}
