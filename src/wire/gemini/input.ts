/** How much input a request to the Gemini API can be at the most. */
import { RequestObject } from '../framing/fields.ts';
import { isObjectAt, type JsonSpan, watchFor } from '../framing/json-scan.ts';

/** Where parts stand: in contents, in what a function gave back, in the system instruction, in what is to be embedded. */
const PARTS = [
  'contents.parts',
  'contents.parts.functionResponse.parts',
  'contents.parts.function_response.parts',
  'systemInstruction.parts',
  'system_instruction.parts',
  'content.parts',
  'requests.content.parts',
];

const INLINE = PARTS.flatMap((parts) => [`${parts}.inlineData`, `${parts}.inline_data`]);
const FILES = PARTS.flatMap((parts) => [`${parts}.fileData`, `${parts}.file_data`]);

export const WATCH = watchFor([...INLINE, ...FILES]);

/**
 * The most tokens one image becomes: scaled down to at most 3,072 pixels a side, cut into tiles of 256 to 768 pixels
 * and two thirds of the shorter side, so at most 12 by 2 of them at 258 tokens. Gemini 3 takes 2,240 at its ultra-high
 * resolution. Source: ai.google.dev/gemini-api/docs/image-understanding and /media-resolution.
 */
export const IMAGE_TOKENS_MOST = 24 * 258;

export interface ReadInput {
  /** Text by its UTF-8 bytes, JSON around it included, and images by their own bound. */
  readonly tokensMost: number;
  /** Something is by reference, or by its length in time or pages, which its bytes do not tell. */
  readonly unseen: boolean;
  readonly images: number;
  readonly audio: boolean;
}

/** Throws `Refused(invalid)` where a part says twice what it is. */
export function readInput(fields: RequestObject): ReadInput {
  const objectsAt = (paths: readonly string[]): readonly JsonSpan[] =>
    paths.flatMap((path) => fields.scanned.seen(path)).filter((span) => isObjectAt(fields.bytes, span));
  let images = 0;
  let imageBytes = 0;
  let audio = false;
  let unseen = false;
  for (const span of objectsAt(INLINE)) {
    const blob = RequestObject.at(fields.bytes, span, 'parts[].inlineData');
    const type = blob.text('mimeType', 'mime_type') ?? '';
    const data = blob.member('data');
    // Text in Base64 is longer than the text, and so bounded by its bytes.
    if (type.startsWith('text/')) continue;
    if (type.startsWith('image/') && data) {
      images++;
      imageBytes += data.value.end - data.value.start;
    } else {
      unseen = true;
      audio ||= mayHoldAudio(type);
    }
  }
  for (const span of objectsAt(FILES)) {
    unseen = true;
    audio ||= mayHoldAudio(
      RequestObject.at(fields.bytes, span, 'parts[].fileData').text('mimeType', 'mime_type') ?? '',
    );
  }
  return { tokensMost: fields.bytes.length - imageBytes + images * IMAGE_TOKENS_MOST, unseen, images, audio };
}

/** Pictures and pages hold none; anything else, or what is not said, may. */
function mayHoldAudio(mimeType: string): boolean {
  return !mimeType.startsWith('image/') && mimeType !== 'application/pdf';
}
