/**
 * What each recorded answer of a listed model is charged, to the nano-dollar, beside a sum made here from the tokens
 * that index.json says and from prices copied by hand from the providers' pages: nothing of the product is in that sum.
 */
import { describe, expect, it } from 'vitest';
import { priceCall } from '../../src/core/pricing/price.ts';
import { PUBLISHED_SHEETS } from '../../src/core/pricing/published.ts';
import { findModel } from '../../src/core/pricing/sheet.ts';
import { FAMILIES, meterCut } from './families.ts';
import {
  answerBytes,
  type ExpectedUsage,
  hasRecordings,
  type RecordedAnswer,
  recordedAnswers,
} from './provider-answers.ts';

/** Nano-dollars per token: $1 per million tokens is a thousand of them. */
interface HandPrices {
  readonly input: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly output: number;
}

const SONNET = { input: 3_000, cacheRead: 300, cacheWrite: 3_750, output: 15_000 };
const SONNET_5 = { input: 2_000, cacheRead: 200, cacheWrite: 2_500, output: 10_000 };
const OPUS = { input: 5_000, cacheRead: 500, cacheWrite: 6_250, output: 25_000 };

/** docs.claude.com/en/docs/about-claude/pricing, platform.openai.com/docs/pricing, ai.google.dev/gemini-api/docs/pricing. */
const HAND_PRICES: Readonly<Record<string, HandPrices>> = {
  'claude-sonnet-4-5-20250929': SONNET,
  'claude-sonnet-4-20250514': SONNET,
  'claude-sonnet-4-6': SONNET,
  'claude-sonnet-5': SONNET_5,
  'claude-opus-4-5-20251101': OPUS,
  'claude-opus-4-6': OPUS,
  'claude-opus-4-8': OPUS,
  'claude-fable-5': { input: 10_000, cacheRead: 1_000, cacheWrite: 12_500, output: 50_000 },
  'gpt-4.1-nano-2025-04-14': { input: 100, output: 400 },
  'gpt-4.1-2025-04-14': { input: 2_000, output: 8_000 },
  'gpt-4o-2024-08-06': { input: 2_500, output: 10_000 },
  'gpt-5-nano-2025-08-07': { input: 50, output: 400 },
  'gpt-5-mini-2025-08-07': { input: 250, cacheRead: 25, output: 2_000 },
  // Served as flex: half of 1,250 and 10,000.
  'gpt-5-2025-08-07': { input: 625, output: 5_000 },
  'gpt-5.1-codex-max': { input: 1_250, output: 10_000 },
  'gpt-5.2-2025-12-11': { input: 1_750, output: 14_000 },
  'gpt-5.6-sol': { input: 4_000, cacheRead: 400, cacheWrite: 5_000, output: 20_000 },
  'gemini-2.5-flash': { input: 300, cacheRead: 30, output: 2_500 },
  'gemini-2.5-pro': { input: 1_250, output: 10_000 },
  'gemini-3-pro-preview': { input: 2_000, output: 12_000 },
  'gemini-3.1-pro-preview': { input: 2_000, output: 12_000 },
};

/** Nano-dollars for one use, by index.json's names. */
const HAND_TOOL_PRICES: Readonly<Record<string, bigint>> = {
  web_search_requests: 10_000_000n,
  'web_search_call:search': 10_000_000n,
  'web_search_call:open_page': 0n,
  'web_search_call:find_in_page': 0n,
  file_search_call: 2_500_000n,
  shell_call: 30_000_000n,
  // Gemini 2.5: one grounded prompt.
  web_search_queries: 35_000_000n,
};

/** Tokens dearer than the text that index.json counts them with: 144 of audio at $1.00 where text is $0.30. */
const APART: Readonly<Record<string, bigint>> = { 'gemini/09-audio.json': 144n * 700n };

function tokensSum(usage: ExpectedUsage, prices: HandPrices): bigint {
  const { input, cacheRead = 0, cacheWrite = 0, output } = prices;
  const writes = usage.cache_write_5m + usage.cache_write_other;
  expect(usage.cache_write_1h).toBe(0);
  const terms: readonly (readonly [number, number])[] = [
    [usage.input_uncached, input],
    [usage.cache_read, cacheRead],
    [writes, cacheWrite],
    [usage.output, output],
  ];
  return terms.reduce((sum, [tokens, price]) => sum + BigInt(tokens) * BigInt(price), 0n);
}

/** A model that refused with no output is free; the others of a call each at their own price. */
function handSum({ file, expected }: RecordedAnswer): bigint {
  const { model, usage, by_model, server_tools = {} } = expected;
  const lines = by_model ?? (usage ? [{ model: model ?? '', ...usage }] : []);
  let nano = APART[file] ?? 0n;
  for (const line of lines) {
    const refused = by_model !== null && by_model !== undefined && line.output === 0;
    const prices = HAND_PRICES[line.model];
    if (!prices) throw new Error(`no price was copied by hand for ${line.model}`);
    if (!refused) nano += tokensSum(line, prices);
  }
  for (const [name, uses] of Object.entries(server_tools)) {
    nano += BigInt(uses) * (HAND_TOOL_PRICES[name] ?? 1_000_000_000_000n);
  }
  return nano;
}

const [sheet] = PUBLISHED_SHEETS;
const charged = recordedAnswers().flatMap((answer) => {
  const family = FAMILIES[answer.family];
  const { model, usage, complete } = answer.expected;
  const listed = sheet && model && findModel(sheet, model) ? sheet : undefined;
  return family && listed && usage && complete ? [{ name: answer.file, answer, family, sheet: listed }] : [];
});

describe('the charge for a recorded answer', () => {
  it('is tried on all that are of listed models, where it counts', () => {
    expect(charged.length).toBe(hasRecordings || process.env['CI'] ? 31 : 0);
  });

  it.each(charged)('$name is the sum made by hand', ({ answer, family, sheet }) => {
    const call = meterCut(answer, family, answerBytes(answer), []).metered();
    expect(call).toBeDefined();
    if (call) expect(priceCall(call, sheet, { model: answer.expected.model ?? '' }).amount).toBe(handSum(answer));
  });
});
