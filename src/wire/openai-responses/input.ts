/** Bounds a request's input: text by its bytes, images by what they can become, and what cannot be seen as such. */
import type { RequestObject } from '../framing/fields.ts';
import { isString, scanArray, stringAt, watchFor } from '../framing/json-scan.ts';

export interface InputBound {
  readonly tokensMost: number;
  /** Some of it is not in the bytes: a file, or an item known by its id. */
  readonly unseen: boolean;
  readonly mayHoldAudio: boolean;
  readonly mayHoldImages: boolean;
}

/** Where the parts of items say what they are. Tools may come as items too; `readTools` looks into those. */
const PART_TYPES = ['input.content.type', 'input.output.type', 'input.outputs.type', 'input.summary.type'] as const;
const IMAGE_URLS = ['input.content.image_url', 'input.output.image_url'] as const;

/** What `RequestObject.ofBody` is to watch for in a request that `readInput` and `readTools` are to read. */
export const INPUT_WATCH = watchFor([
  ...PART_TYPES,
  ...IMAGE_URLS,
  'input.type',
  'input.role',
  'input.id',
  'input.tools',
]);

const IMAGES: ReadonlySet<string> = new Set(['input_image', 'computer_screenshot', 'image', 'image_generation_call']);
/** Parts whose tokens their own bytes bound. Any other part (a file, what comes new) is bounded by the window only. */
const IN_BYTES: ReadonlySet<string> = new Set([
  'input_text',
  'output_text',
  'text',
  'refusal',
  'reasoning_text',
  'summary_text',
  'logs',
  'input_audio',
]);

/**
 * The most tokens one image can become, however large, by the tile and patch formulas of OpenAI's guide to images.
 * gpt-4o-mini: 2,833 + 8 tiles of 5,667. Elsewhere: 10,000 patches at the largest multiplier, 2.46.
 */
const IMAGE_TOKENS_MOST = { ofMini: 48_169, ofOthers: 24_600 } as const;

/** Bounds the input of a body read with `INPUT_WATCH`. Throws `Refused(invalid)` where an item is none. */
export function readInput(fields: RequestObject, model: string): InputBound {
  const parts = PART_TYPES.flatMap((path) => textsAt(fields, path));
  const items = textsAt(fields, 'input.type');
  const images = [...parts, ...items].filter((type) => IMAGES.has(type)).length;
  const imageTokens = model.startsWith('gpt-4o-mini') ? IMAGE_TOKENS_MOST.ofMini : IMAGE_TOKENS_MOST.ofOthers;
  return {
    tokensMost: fields.bytes.length - imageBytes(fields) + images * imageTokens,
    unseen: parts.some((type) => !IN_BYTES.has(type) && !IMAGES.has(type)) || refersToItems(fields, items),
    mayHoldAudio: parts.includes('input_audio'),
    mayHoldImages: images > 0,
  };
}

/**
 * Whether an item stands for one that OpenAI keeps. Such a reference need not say so: an item of an id alone is one,
 * where any other has a type or a role.
 */
function refersToItems(fields: RequestObject, types: readonly string[]): boolean {
  if (types.includes('item_reference')) return true;
  const input = fields.member('input');
  if (!input || fields.scanned.seen('input.id').length === 0) return false;
  const said = ['input.type', 'input.role'].flatMap((path) => fields.scanned.seen(path));
  const starts = said.filter((span) => isString(fields.bytes, span)).map((span) => span.start);
  starts.sort((a, b) => a - b);
  let next = 0;
  return scanArray(fields.bytes, input.value).some((item) => {
    while ((starts[next] ?? item.start) < item.start) next++;
    return (starts[next] ?? item.end) >= item.end;
  });
}

/** Bytes that are images and never text: data URLs where a provider takes nothing but an image. */
function imageBytes(fields: RequestObject): number {
  let sum = 0;
  for (const { start, end } of IMAGE_URLS.flatMap((path) => fields.scanned.seen(path))) {
    if (IMAGE_DATA.every((byte, i) => fields.bytes[start + i] === byte)) sum += end - start;
  }
  return sum;
}

const IMAGE_DATA = new TextEncoder().encode('"data:image/');

function textsAt(fields: RequestObject, path: string): readonly string[] {
  const spans = fields.scanned.seen(path).filter((span) => isString(fields.bytes, span));
  return spans.map((span) => stringAt(fields.bytes, span));
}
