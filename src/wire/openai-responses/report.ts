/** What a response has told so far: the events of a stream one by one, or a whole response at once. */
import type { MeteredCall, ServiceTier, UsageLine } from '../../core/pricing/usage.ts';
import { type AnswerObject, objectIn, objectsIn, textBytes, textIn } from '../framing/fields.ts';
import type { Delivered, MeterState } from '../framing/wire.ts';
import { toolUsesIn } from './tool-uses.ts';
import { imageLine, tierNamed, usageLine } from './usage.ts';

export class ResponseReport {
  readonly #modelAskedFor: string;
  #state: MeterState = 'open';
  #lines: readonly UsageLine[] = [];
  #tier: ServiceTier | undefined;
  #items: AnswerObject[] = [];
  #outputBytes = 0;
  #mediaBytes = 0;

  constructor(modelAskedFor: string) {
    this.#modelAskedFor = modelAskedFor;
  }

  get state(): MeterState {
    return this.#state;
  }

  get delivered(): Delivered {
    return { outputBytes: this.#outputBytes, mediaBytes: this.#mediaBytes };
  }

  /** Takes an event of a stream, whose `type` is `type`. */
  takeEvent(type: string, event: AnswerObject): void {
    if (type === 'error') this.#state = 'failed';
    const response = objectIn(event['response']);
    if (response && ENDINGS.has(type)) this.#end(response);
    if (type === 'response.audio.delta') this.#mediaBytes += textBytes(event['delta']);
    else if (type.endsWith('.delta')) this.#outputBytes += textBytes(event['delta']);
    this.#mediaBytes += textBytes(event['partial_image_b64']);
    const item = type === 'response.output_item.done' ? objectIn(event['item']) : undefined;
    if (!item) return;
    this.#items.push(item);
    // Reasoning that is hidden has no deltas: it shows only as what the client is to send back.
    this.#outputBytes += textBytes(item['encrypted_content']);
    this.#mediaBytes += drawnBytes(item);
  }

  /** Takes a whole answer: a response, or an error in its place. */
  takeAnswer(answer: AnswerObject): void {
    this.#end(answer);
    for (const item of objectsIn(answer['output'])) {
      this.#outputBytes += generatedBytes(item);
      this.#mediaBytes += drawnBytes(item);
    }
  }

  /**
   * What was reported. Before the end it is no more than the tools used, without a line of tokens; an answer that ended
   * without usage reports nothing.
   */
  metered(): MeteredCall | undefined {
    const toolUses = toolUsesIn(this.#items);
    const partial = this.#state === 'open' && Object.keys(toolUses).length > 0;
    if (this.#lines.length === 0 && !partial) return undefined;
    return { lines: this.#lines, toolUses, ...(this.#tier && { serviceTier: this.#tier }) };
  }

  #end(response: AnswerObject): void {
    const failed = response['status'] === 'failed' || objectIn(response['error']) !== undefined;
    this.#state = failed ? 'failed' : 'complete';
    const output = objectsIn(response['output']);
    if (output.length > 0) this.#items = [...output];
    this.#tier = tierNamed(response['service_tier']);
    const model = textIn(response['model']) || this.#modelAskedFor;
    const line = usageLine(model, objectIn(response['usage']) ?? {});
    const drawn = imageLine(response);
    this.#lines = line ? [line, ...(drawn ? [drawn] : [])] : [];
  }
}

/** After one of these a client may hang up: nothing follows it. */
const ENDINGS: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete', 'response.failed']);

/** UTF-8 bytes that a model generated for an item: text, thinking, arguments, code. */
function generatedBytes(item: AnswerObject): number {
  const parts = [...objectsIn(item['content']), ...objectsIn(item['summary'])];
  const texts = [item['arguments'], item['input'], item['code'], item['encrypted_content']];
  for (const part of parts) texts.push(part['text'], part['refusal']);
  return texts.reduce((sum: number, text) => sum + textBytes(text), 0);
}

function drawnBytes(item: AnswerObject): number {
  return item['type'] === 'image_generation_call' ? textBytes(item['result']) : 0;
}
