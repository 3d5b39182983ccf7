/** The tools of a Messages request: which of them Anthropic runs itself, how often they may run, and what they add. */
import { TOOL_ALLOWANCE } from '../../core/pricing/bound.ts';
import type { CallDemand } from '../../core/pricing/demand.ts';
import type { ToolUnit } from '../../core/pricing/usage.ts';
import { RequestObject } from '../framing/fields.ts';
import { isObjectAt } from '../framing/json-scan.ts';
import { type Splice, setMembers } from '../framing/splice.ts';
import { TOOL_DEFINITIONS } from './input.ts';

export interface ReadTools {
  readonly serverTools: CallDemand['serverTools'];
  /** The advisor's model, once for every use. */
  readonly otherModels: readonly string[];
  /** A remote server's tool list becomes input and is not in the bytes. */
  readonly inputUnseen: boolean;
  /** What Anthropic writes into the prompt for the tools that it defines. */
  readonly promptTokensMost: number;
  /** Caps put in where a tool can be capped and the request does not. */
  readonly caps: readonly Splice[];
}

interface ToolFamily {
  /** How the tool's `type` begins; its date follows. */
  readonly type: string;
  /** Absent: the client runs it. `free`: Anthropic runs it and charges tokens only. */
  readonly unit?: ToolUnit | 'free';
  /** It takes `max_uses`. */
  readonly capped?: true;
  readonly promptTokensMost?: number;
}

/** A computer's tool definition is 735 tokens, a text editor's 700, a bash's 245. */
const DEFINED_TOOL_TOKENS = 2_048;
/** Some thirty actions, each with a definition of its own. */
const TOOLSET_TOKENS = 16_384;

/** Source: platform.claude.com/docs/en/agents-and-tools/tool-use/tool-reference and the types of @anthropic-ai/sdk 1.8. */
const FAMILIES: readonly ToolFamily[] = [
  { type: 'web_search_', unit: 'webSearch', capped: true },
  { type: 'web_fetch_', unit: 'free', capped: true },
  { type: 'advisor_', unit: 'free', capped: true },
  // Billed by the hour of its container beyond a free allowance, which no answer reports.
  { type: 'code_execution_', unit: 'free' },
  { type: 'tool_search_tool', unit: 'free' },
  { type: 'mcp_toolset', unit: 'free' },
  { type: 'computer_toolset_', promptTokensMost: TOOLSET_TOKENS },
  { type: 'browser_toolset_', promptTokensMost: TOOLSET_TOKENS },
  { type: 'computer_' },
  { type: 'bash_' },
  { type: 'text_editor_' },
  { type: 'memory_' },
];

/** Throws `Refused(invalid)` for a tool whose cost is not known. */
export function readTools(fields: RequestObject): ReadTools {
  const definitions = fields.scanned.seen(TOOL_DEFINITIONS).filter((span) => isObjectAt(fields.bytes, span));
  const tools = [
    ...fields.objects('tools'),
    ...definitions.map((span) => RequestObject.at(fields.bytes, span, 'messages[].content[].tool.definition')),
  ].map(readTool);
  const remote = fields.objects('mcp_servers').length > 0;
  return {
    serverTools: [
      ...tools.flatMap(({ serverTool }) => serverTool ?? []),
      ...(remote ? [{ unit: 'free' as const }] : []),
    ],
    otherModels: tools.flatMap(({ otherModels }) => otherModels),
    inputUnseen: remote || tools.some(({ family }) => family?.type === 'mcp_toolset'),
    promptTokensMost: tools.reduce((sum, { promptTokensMost }) => sum + promptTokensMost, 0),
    caps: tools.flatMap(({ cap }) => cap),
  };
}

interface ReadTool {
  readonly family?: ToolFamily;
  readonly serverTool?: CallDemand['serverTools'][number];
  readonly otherModels: readonly string[];
  readonly promptTokensMost: number;
  readonly cap: readonly Splice[];
}

function readTool(tool: RequestObject): ReadTool {
  const type = tool.text('type') ?? 'custom';
  if (type === 'custom') return { otherModels: [], promptTokensMost: 0, cap: [] };
  const family = FAMILIES.find((each) => type.startsWith(each.type));
  if (!family) throw tool.wrong('type', `is ${JSON.stringify(type)}, a tool that is not priced here`);
  const promptTokensMost = family.promptTokensMost ?? DEFINED_TOOL_TOKENS;
  const { unit } = family;
  if (unit === undefined) return { family, otherModels: [], promptTokensMost, cap: [] };
  if (!family.capped) return { family, serverTool: { unit }, otherModels: [], promptTokensMost, cap: [] };
  const stated = tool.integer(1, 'max_uses');
  const usesMost = stated ?? TOOL_ALLOWANCE.uncappedUses;
  return {
    family,
    serverTool: { unit, usesMost },
    otherModels: type.startsWith('advisor_') ? advisorCalls(tool, usesMost) : [],
    promptTokensMost,
    cap: stated === undefined ? setMembers(tool.scanned, { max_uses: String(usesMost) }) : [],
  };
}

/** More advisor calls than this in one request are not bounded one by one, but refused. */
const ADVISOR_USES_MOST = 100;

function advisorCalls(tool: RequestObject, usesMost: number): readonly string[] {
  const model = tool.text('model');
  if (!model) throw tool.wrong('model', 'must name a model');
  if (usesMost > ADVISOR_USES_MOST) throw tool.wrong('max_uses', `must be at most ${ADVISOR_USES_MOST}`);
  return Array.from({ length: usesMost }, () => model);
}
