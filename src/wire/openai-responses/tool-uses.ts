/** The tools that OpenAI runs itself: which they are in a request, and how often they were used in an answer. */
import type { MeteredCall, ToolUnit } from '../../core/pricing/usage.ts';
import { type AnswerObject, objectIn, textIn } from '../framing/fields.ts';

/** Who runs a tool: the client, or the provider at the price of a unit, or the provider for the tokens alone. */
export type ToolKind = 'client' | 'free' | ToolUnit;

const KINDS: ReadonlyMap<string, ToolKind> = new Map([
  ['function', 'client'],
  ['custom', 'client'],
  ['namespace', 'client'],
  ['apply_patch', 'client'],
  ['local_shell', 'client'],
  ['computer', 'client'],
  ['computer_use', 'client'],
  ['computer_use_preview', 'client'],
  // Runs where its `environment` says; see `runsInContainer`.
  ['shell', 'client'],
  ['web_search', 'webSearch'],
  ['web_search_2025_08_26', 'webSearch'],
  ['web_search_preview', 'webSearch'],
  ['web_search_preview_2025_03_11', 'webSearch'],
  ['file_search', 'fileSearch'],
  ['code_interpreter', 'codeExecution'],
  ['mcp', 'free'],
  ['image_generation', 'free'],
  ['programmatic_tool_calling', 'free'],
  ['tool_search', 'free'],
]);

/** What a tool of this type is; `undefined` for a type that is not known, whose price is not either. */
export function toolKind(type: string): ToolKind | undefined {
  return KINDS.get(type);
}

/** Whether a `shell` with this environment runs at OpenAI rather than at the client. */
export function runsInContainer(environmentType: string | undefined): boolean {
  return environmentType === 'container_auto' || environmentType === 'container_reference';
}

/** An action of a web search that is free: only the search itself is priced. */
const FREE_WEB_ACTIONS: ReadonlySet<unknown> = new Set(['open_page', 'find_in_page', 'find']);

/**
 * Counts the priced uses among the items of an answer. Web searches count by their action; code runs in containers, of
 * which each is priced once however often it is used.
 */
export function toolUsesIn(items: readonly AnswerObject[]): MeteredCall['toolUses'] {
  const done = items.filter((item) => item['status'] !== 'failed');
  const containers = new Set(done.map(containerOf).filter((id) => id !== undefined));
  const counts: [ToolUnit, number][] = [
    ['webSearch', done.filter(isWebSearch).length],
    ['fileSearch', done.filter((item) => item['type'] === 'file_search_call').length],
    ['codeExecution', containers.size],
  ];
  return Object.fromEntries(counts.filter(([, uses]) => uses > 0));
}

function isWebSearch(item: AnswerObject): boolean {
  return item['type'] === 'web_search_call' && !FREE_WEB_ACTIONS.has(objectIn(item['action'])?.['type']);
}

function containerOf(item: AnswerObject): string | undefined {
  if (item['type'] === 'code_interpreter_call') return textIn(item['container_id']) ?? '';
  const environment = objectIn(item['environment']);
  if (item['type'] !== 'shell_call' || !runsInContainer(textIn(environment?.['type']))) return undefined;
  return textIn(environment?.['container_id']) ?? '';
}
