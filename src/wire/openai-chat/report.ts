/** What a chat answer has told so far: the chunks of a stream one by one, or a whole answer as the only one. */
import type { MeteredCall, ServiceTier } from '../../core/pricing/usage.ts';
import { type AnswerObject, objectIn, objectsIn, textBytes, textIn } from '../framing/fields.ts';
import type { Delivered } from '../framing/wire.ts';
import { type ReadUsage, readUsage, tierNamed } from './usage.ts';

export class ChatReport {
  readonly #searched: boolean;
  #model: string;
  #tier: ServiceTier | undefined;
  #usage: ReadUsage | undefined;
  #outputBytes = 0;
  #mediaBytes = 0;
  #failed = false;

  /** `model`: as the request names it, until an answer says better. `searched`: the model searches the web once. */
  constructor(model: string, searched: boolean) {
    this.#model = model;
    this.#searched = searched;
  }

  get failed(): boolean {
    return this.#failed;
  }

  get delivered(): Delivered {
    return { outputBytes: this.#outputBytes, mediaBytes: this.#mediaBytes };
  }

  /** Takes a chunk or a whole answer; says whether it carries usage and nothing else. */
  take(answer: AnswerObject): boolean {
    if (answer['error'] !== undefined && answer['error'] !== null) this.#failed = true;
    this.#model = textIn(answer['model']) || this.#model;
    this.#tier = tierNamed(answer['service_tier']) ?? this.#tier;
    const choices = objectsIn(answer['choices']);
    for (const choice of choices) this.#count(objectIn(choice['delta']) ?? objectIn(choice['message']) ?? {});
    const usage = readUsage(objectIn(answer['usage']) ?? {});
    // Counts are cumulative where a provider repeats them: the last ones are the call's.
    this.#usage = usage ?? this.#usage;
    return usage !== undefined && choices.length === 0;
  }

  metered(): MeteredCall | undefined {
    if (!this.#usage) return undefined;
    return {
      lines: [{ model: this.#model, ...this.#usage }],
      toolUses: this.#searched ? { webSearch: 1 } : {},
      ...(this.#tier && { serviceTier: this.#tier }),
    };
  }

  #count(message: AnswerObject): void {
    for (const key of GENERATED_TEXTS) this.#outputBytes += textBytes(message[key]);
    const calls = [...objectsIn(message['tool_calls']), { function: message['function_call'] }];
    for (const call of calls) {
      const asked = objectIn(call['function']) ?? objectIn(call['custom']) ?? {};
      this.#outputBytes += textBytes(asked['name']) + textBytes(asked['arguments']) + textBytes(asked['input']);
    }
    const audio = objectIn(message['audio']) ?? {};
    this.#outputBytes += textBytes(audio['transcript']);
    this.#mediaBytes += textBytes(audio['data']);
  }
}

/** `reasoning_content` is DeepSeek's and xAI's name for the thinking they show. */
const GENERATED_TEXTS = ['content', 'refusal', 'reasoning_content'] as const;
