/** The tools of a request that OpenAI runs itself, and the cap on their uses. */

import { TOOL_ALLOWANCE } from '../../core/pricing/bound.ts';
import type { CallDemand } from '../../core/pricing/demand.ts';
import { RequestObject } from '../framing/fields.ts';
import { isNullAt, scanArray } from '../framing/json-scan.ts';
import { runsInContainer, type ToolKind, toolKind } from './tool-uses.ts';
import { DEFAULT_IMAGE_MODEL } from './usage.ts';

export interface ServerTools {
  readonly demands: CallDemand['serverTools'];
  /** Tools run and the request does not say how often at the most: `max_tool_calls` is to be put in. */
  readonly uncapped: boolean;
  /** The models that may draw images, each as often as it may be called. */
  readonly drawers: readonly string[];
}

/** From the dearest use to the one that costs tokens only, at the list prices of November 2026. */
const DEAREST_FIRST = ['codeExecution', 'webSearch', 'fileSearch', 'free'] as const;

/** More would be no cap at all. */
const TOOL_CALLS_MOST = 1_000;

/**
 * Reads the tools of a body read with `INPUT_WATCH`. `max_tool_calls` caps the calls of all together, so that they are
 * one demand at the dearest unit among them. Throws `Refused(invalid)` for a tool whose price is not known.
 */
export function readTools(fields: RequestObject): ServerTools {
  const tools = [...fields.objects('tools'), ...toolsInItems(fields)].flatMap(withNested);
  const kinds = new Set(tools.map(kindOf));
  // A prompt template brings tools of its own, which the request does not show.
  if (fields.has('prompt')) kinds.add('codeExecution');
  const dearest = DEAREST_FIRST.find((kind) => kinds.has(kind));
  const stated = fields.integer(1, 'max_tool_calls');
  if (!dearest) return { demands: [], uncapped: false, drawers: [] };
  if (stated !== undefined && stated > TOOL_CALLS_MOST) {
    throw fields.wrong('max_tool_calls', `must be at most ${TOOL_CALLS_MOST}`);
  }
  const uses = stated ?? TOOL_ALLOWANCE.uncappedUses;
  const drawers = tools
    .filter((tool) => tool.text('type') === 'image_generation')
    .flatMap((tool) => {
      return Array.from({ length: uses }, () => tool.text('model') ?? DEFAULT_IMAGE_MODEL);
    });
  return {
    demands: [stated === undefined ? { unit: dearest } : { unit: dearest, usesMost: stated }],
    uncapped: stated === undefined,
    drawers,
  };
}

/** Tools may come as items of the input, too (`additional_tools`, `tool_search_output`). */
function toolsInItems(fields: RequestObject): readonly RequestObject[] {
  const { bytes } = fields;
  const lists = fields.scanned.seen('input.tools').filter((span) => !isNullAt(bytes, span));
  return lists.flatMap((list) => scanArray(bytes, list)).map((span) => RequestObject.at(bytes, span, 'input.tools'));
}

/** A namespace holds further tools. */
function withNested(tool: RequestObject): readonly RequestObject[] {
  return [tool, ...(tool.text('type') === 'namespace' ? tool.objects('tools') : [])];
}

function kindOf(tool: RequestObject): ToolKind {
  const type = tool.text('type') ?? '';
  const kind = toolKind(type);
  if (!kind) throw tool.wrong('type', 'names a tool that is not priced here');
  if (type === 'tool_search' && tool.text('execution') === 'client') return 'client';
  if (type === 'code_interpreter') refuseLargeContainer(containerOf(tool, 'container'));
  if (type !== 'shell') return kind;
  const environment = containerOf(tool, 'environment');
  refuseLargeContainer(environment);
  return runsInContainer(environment?.text('type')) ? 'codeExecution' : 'client';
}

/** The object that describes a container; one that is named by its id has none. */
function containerOf(tool: RequestObject, field: string): RequestObject | undefined {
  return tool.json(field)?.startsWith('{') ? tool.object(field) : undefined;
}

/** Containers are priced by their memory; sheets hold the price of the smallest, which is the default. */
function refuseLargeContainer(container: RequestObject | undefined): void {
  const memory = container?.text('memory_limit');
  if (container && memory !== undefined && memory !== '1g') {
    throw container.wrong('memory_limit', 'of more than 1g is not priced here');
  }
}
