/** The tools of a request to the Gemini API: which of them Google runs itself, and what they add. */
import type { CallDemand } from '../../core/pricing/demand.ts';
import type { ToolUnit } from '../../core/pricing/usage.ts';
import type { RequestObject } from '../framing/fields.ts';

export interface ReadTools {
  readonly serverTools: CallDemand['serverTools'];
  /** A remote server's tool list becomes input and is not in the bytes. */
  readonly inputUnseen: boolean;
  /** What Google writes into the prompt for tools. */
  readonly promptTokensMost: number;
}

const PROMPT_TOKENS_MOST = 1_024;

interface ToolFamily {
  readonly names: readonly [string, ...string[]];
  /** Absent: the client runs it. `free`: Google runs it and charges tokens only. None of them can be capped. */
  readonly unit?: ToolUnit | 'free';
}

/** Source: ai.google.dev/gemini-api/docs/tools and /pricing, and the types of @google/genai 2.32. */
const FAMILIES: readonly ToolFamily[] = [
  { names: ['functionDeclarations', 'function_declarations'] },
  { names: ['computerUse', 'computer_use'] },
  { names: ['googleSearch', 'google_search'], unit: 'webSearch' },
  { names: ['googleSearchRetrieval', 'google_search_retrieval'], unit: 'webSearch' },
  { names: ['googleMaps', 'google_maps'], unit: 'mapsGrounding' },
  { names: ['codeExecution', 'code_execution'], unit: 'free' },
  { names: ['urlContext', 'url_context'], unit: 'free' },
  { names: ['fileSearch', 'file_search'], unit: 'free' },
  { names: ['mcpServers', 'mcp_servers'], unit: 'free' },
];

const KNOWN: ReadonlySet<string> = new Set(FAMILIES.flatMap(({ names }) => names));

/** Throws `Refused(invalid)` for a tool whose cost is not known. */
export function readTools(fields: RequestObject): ReadTools {
  const families = fields.objects('tools').flatMap((tool) => {
    const unknown = tool.scanned.members.find(({ key }) => !KNOWN.has(key));
    if (unknown) throw tool.wrong(unknown.key.slice(0, 64), 'is a tool that is not priced here');
    return FAMILIES.filter(({ names }) => tool.has(...names));
  });
  return {
    serverTools: families.flatMap(({ unit }) => (unit === undefined ? [] : { unit })),
    inputUnseen: families.some(({ names: [name] }) => name === 'mcpServers'),
    promptTokensMost: families.length * PROMPT_TOKENS_MOST,
  };
}
