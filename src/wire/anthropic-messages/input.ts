/** How much input a Messages request can be at the most. */
import type { CallDemand } from '../../core/pricing/demand.ts';
import { RequestObject } from '../framing/fields.ts';
import { isNullAt, isObjectAt, isString, stringAt, watchFor } from '../framing/json-scan.ts';

/** Where an image or document may stand: in a message, in a tool's result, in a document made of blocks, in a fetched page. */
const SOURCES = [
  'messages.content.source',
  'messages.content.source.content.source',
  'messages.content.content.source',
  'messages.content.content.source.content.source',
  'messages.content.content.content.source',
];

/** A tool that is defined in the middle of the conversation. */
export const TOOL_DEFINITIONS = 'messages.content.tool.definition';

const CACHE_MARKS = ['**.cache_control', '**.caching'];
const CACHE_LIFETIME = '**.ttl';

export const WATCH = watchFor([...SOURCES, TOOL_DEFINITIONS, ...CACHE_MARKS, CACHE_LIFETIME]);

/**
 * The most tokens one image becomes, however large: 4,784 in the high-resolution models, 1,600 in the older ones, and a
 * little around it. Source: platform.claude.com/docs/en/build-with-claude/vision.
 */
export const IMAGE_TOKENS_MOST = 5_000;

/** Instructions that Anthropic writes around tools, output formats and context editing; its tables end at 804. */
export const PROMPT_TOKENS_MOST = 1_024;

const ADDS_PROMPT = ['tools', 'output_config', 'output_format', 'context_management', 'compaction'];

export interface ReadInput {
  /** Text by its UTF-8 bytes, JSON around it included, and images by their own bound. */
  readonly tokensMost: number;
  /** Something is by reference, or a PDF, whose pages its bytes do not tell. */
  readonly unseen: boolean;
  readonly images: number;
}

/** Throws `Refused(invalid)` where a source says twice what it is. */
export function readInput(fields: RequestObject): ReadInput {
  let images = 0;
  let imageBytes = 0;
  let unseen = isKeptByServer(fields);
  for (const span of SOURCES.flatMap((path) => fields.scanned.seen(path))) {
    // A search result's source is the text of its address.
    if (!isObjectAt(fields.bytes, span)) continue;
    const source = RequestObject.at(fields.bytes, span, 'messages[].source');
    const type = source.text('type');
    if (type === 'text' || type === 'content') continue;
    const data =
      type === 'base64' && source.text('media_type')?.startsWith('image/') ? source.member('data') : undefined;
    if (data) {
      images++;
      imageBytes += data.value.end - data.value.start;
    } else unseen = true;
  }
  const prompt = ADDS_PROMPT.some((name) => fields.has(name)) ? PROMPT_TOKENS_MOST : 0;
  return { tokensMost: fields.bytes.length - imageBytes + images * IMAGE_TOKENS_MOST + prompt, unseen, images };
}

/** The dearest cache write that a mark anywhere in the request allows; a mark without a lifetime means five minutes. */
export function cacheWriteOf(fields: RequestObject): CallDemand['cacheWrite'] {
  const { bytes, scanned } = fields;
  const lifetimes = scanned.seen(CACHE_LIFETIME).filter((span) => isString(bytes, span));
  if (lifetimes.some((span) => stringAt(bytes, span) !== '5m')) return '1h';
  const marks = CACHE_MARKS.flatMap((path) => scanned.seen(path)).filter((span) => !isNullAt(bytes, span));
  return marks.length + lifetimes.length > 0 ? '5m' : 'none';
}

/** Earlier turns that Anthropic holds, and what a container's skills bring along, are not in the bytes. */
function isKeptByServer(fields: RequestObject): boolean {
  if (fields.has('thread') && fields.object('thread')?.text('type') !== 'create') return true;
  const container = fields.member('container');
  if (!container || !isObjectAt(fields.bytes, container.value)) return false;
  return fields.object('container')?.has('skills') ?? false;
}
