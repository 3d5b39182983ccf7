/** Anthropic's `usage`, in the meter's own classes. Semantics: docs/concepts/metering.md. */
import {
  type MeteredCall,
  NO_USAGE,
  type ServiceTier,
  type TokenUsage,
  type UsageLine,
} from '../../core/pricing/usage.ts';
import { type AnswerObject, countIn, objectIn, objectsIn, textIn } from '../framing/fields.ts';

/** What an answer has said of itself so far. */
export interface Reported {
  readonly model: string;
  readonly usage: AnswerObject;
  readonly stopReason?: string;
}

/** A later report over an earlier one: cumulative counts, so the last value that is not null stands, never a sum. */
export function laterUsage(earlier: AnswerObject, later: AnswerObject): AnswerObject {
  return { ...earlier, ...Object.fromEntries(Object.entries(later).filter(([, value]) => value !== null)) };
}

/** The call as reported. Every model invocation that Anthropic names apart is a line of its own. */
export function meteredCall({ model, usage, stopReason }: Reported): MeteredCall {
  const searches = countIn(objectIn(usage.server_tool_use)?.web_search_requests) ?? 0;
  const tier = tierNamed(usage.service_tier);
  return {
    lines: linesOf(model, usage, stopReason),
    toolUses: searches > 0 ? { webSearch: searches } : {},
    ...(tier && { serviceTier: tier }),
    ...(usage.speed === 'fast' && { fast: true }),
    ...(usage.inference_geo === 'us' && { geography: 'us' as const }),
  };
}

function linesOf(model: string, usage: AnswerObject, stopReason: string | undefined): readonly UsageLine[] {
  const total = tokensOf(usage);
  const declined = stopReason === 'refusal' && total.output === 0;
  const iterations = objectsIn(usage.iterations);
  if (iterations.length === 0) return [lineOf(model, total, declined)];
  const fallback = iterations.findIndex((each) => each.type === 'fallback_message');
  const lines = iterations.map((each, i) => {
    const tokens = tokensOf(each);
    // An attempt that was declined before it said anything is not billed, whether or not another model then answered.
    const refused = tokens.output === 0 && IN_TOTALS.has(each.type) && (declined || i < fallback);
    return lineOf(textIn(each.model) ?? model, tokens, refused);
  });
  const covered = lines.filter((_, i) => IN_TOTALS.has(iterations[i]?.type));
  return withReasoning([...lines, ...beyond(model, total, covered)], total.reasoning);
}

/** Iterations that the totals cover, in part or in full. */
const IN_TOTALS: ReadonlySet<unknown> = new Set(['message', 'fallback_message']);

function lineOf(model: string, usage: TokenUsage, refused = false): UsageLine {
  const { input, cacheRead, cacheWrite5m, cacheWrite1h } = usage;
  const contextTokens = input + cacheRead + cacheWrite5m + cacheWrite1h;
  return { model, usage, contextTokens, ...(refused && { refused }) };
}

/**
 * One report's tokens. The cache-write total is the authority, since a later event repeats it without its split; what
 * it has beyond the one-hour part is five minutes'.
 */
function tokensOf(usage: AnswerObject): TokenUsage {
  const split = objectIn(usage.cache_creation);
  const hour = countIn(split?.ephemeral_1h_input_tokens) ?? 0;
  const fiveMinutes = countIn(split?.ephemeral_5m_input_tokens) ?? 0;
  const written = countIn(usage.cache_creation_input_tokens) ?? hour + fiveMinutes;
  const output = countIn(usage.output_tokens) ?? 0;
  const thinking = countIn(objectIn(usage.output_tokens_details)?.thinking_tokens) ?? 0;
  return {
    ...NO_USAGE,
    input: countIn(usage.input_tokens) ?? 0,
    cacheRead: countIn(usage.cache_read_input_tokens) ?? 0,
    cacheWrite5m: written - Math.min(hour, written),
    cacheWrite1h: Math.min(hour, written),
    output,
    reasoning: Math.min(thinking, output),
  };
}

const COUNTED = ['input', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'output'] as const;

/** What the totals have beyond the iterations they cover was used, and is named nowhere else. */
function beyond(model: string, total: TokenUsage, covered: readonly UsageLine[]): readonly UsageLine[] {
  const missing = COUNTED.map((each) => {
    const named = covered.reduce((sum, line) => sum + line.usage[each], 0);
    return [each, Math.max(0, total[each] - named)] as const;
  });
  if (missing.every(([, count]) => count === 0)) return [];
  return [lineOf(model, { ...NO_USAGE, ...Object.fromEntries(missing) })];
}

/** Thinking is told of the whole answer only; it is shown on the line that generated most. */
function withReasoning(lines: readonly UsageLine[], reasoning: number): readonly UsageLine[] {
  const most = Math.max(...lines.map((line) => line.usage.output));
  const at = lines.findIndex((line) => line.usage.output === most);
  return lines.map((line, i) =>
    i === at ? { ...line, usage: { ...line.usage, reasoning: Math.min(reasoning, most) } } : line,
  );
}

function tierNamed(name: unknown): ServiceTier | undefined {
  return name === 'standard' || name === 'priority' || name === 'batch' ? name : undefined;
}
