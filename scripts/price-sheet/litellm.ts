/**
 * Reads `model_prices_and_context_window.json` of LiteLLM (github.com/BerriAI/litellm, MIT): the widest public list of
 * rates by tier and context, and of windows.
 */
import type { ModelPrices, PicoDollars, PricedProvider, RateTable } from '../../src/core/pricing/sheet.ts';
import type { ServiceTier, TokenClass, ToolUnit } from '../../src/core/pricing/usage.ts';
import { completed, each, type PerToken, whole } from './rates.ts';
import { FAST_TIMES, LEFT_OUT, PER_USE, SERVED_SINCE, undated } from './rules.ts';

type Entry = Readonly<Record<string, unknown>>;

const CLASSES: Readonly<Record<string, TokenClass>> = {
  input_cost_per_token: 'input',
  output_cost_per_token: 'output',
  cache_read_input_token_cost: 'cacheRead',
  cache_creation_input_token_cost: 'cacheWrite5m',
  input_cost_per_audio_token: 'inputAudio',
  output_cost_per_audio_token: 'outputAudio',
  input_cost_per_image_token: 'inputImage',
  // Video is metered as images: where it is dearer, its rate is theirs.
  input_cost_per_video_token: 'inputImage',
  output_cost_per_image_token: 'outputImage',
};

const TIERS: Readonly<Record<string, ServiceTier>> = {
  batches: 'batch',
  flex: 'flex',
  priority: 'priority',
  ultrafast: 'ultrafast',
};

const FIELD = new RegExp(
  `^(${Object.keys(CLASSES).join('|')})(_above_1hr|_above_12hr)?(?:_above_(\\d+)k_tokens)?(?:_(${Object.keys(TIERS).join('|')}))?$`,
);

const MODES = new Set(['chat', 'responses', 'embedding']);

function numberOf(entry: Entry, field: string): number | undefined {
  const value = entry[field];
  return typeof value === 'number' ? value : undefined;
}

function recordOf(value: unknown): Entry {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** The tables an entry lists, by tier and threshold; zero rates are none. */
function listedTables(entry: Entry): readonly RateTable[] {
  const tables = new Map<string, { tier: ServiceTier; contextAbove: number; perToken: PerToken }>();
  for (const [field, value] of Object.entries(entry)) {
    const match = FIELD.exec(field);
    if (!match || typeof value !== 'number' || value === 0) continue;
    const [, name = '', long, thousands = '0', tierName = ''] = match;
    const tier = TIERS[tierName] ?? 'standard';
    const contextAbove = Number(thousands) * 1_000;
    const listed = CLASSES[name];
    const tokenClass = long && listed === 'cacheWrite5m' ? 'cacheWrite1h' : listed;
    if (!tokenClass) continue;
    const key = `${tier} ${contextAbove}`;
    const table = tables.get(key) ?? { tier, contextAbove, perToken: {} };
    table.perToken[tokenClass] = Math.max(table.perToken[tokenClass] ?? 0, whole(value * 1e12, field));
    tables.set(key, table);
  }
  return [...tables.values()].map((table) => ({ ...table, fast: false, geography: 'any' }));
}

/** Audio and image rates that are no other than those of text are left out: the class is charged as text then. */
function withoutRepetition(tables: readonly RateTable[]): readonly RateTable[] {
  const base = tables.find((table) => table.tier === 'standard' && table.contextAbove === 0)?.perToken ?? {};
  const repeated = (['inputAudio', 'inputImage'] as const).filter((media) => base[media] === base.input);
  return tables.map((table) => {
    const perToken: PerToken = { ...table.perToken };
    for (const media of repeated) delete perToken[media];
    return { ...table, perToken };
  });
}

/**
 * Anthropic's modifiers, which stack: a batch costs half in every class, `inference_geo: us` 1.1 times from the 4.6
 * generation on, fast mode its own multiple. Sources: see rules.ts.
 */
function anthropicTables(model: string, entry: Entry): readonly RateTable[] {
  const standard = listedTables(entry).filter((table) => table.tier === 'standard');
  const places =
    numberOf(recordOf(entry['provider_specific_entry']), 'us') === 1.1 ? (['any', 'us'] as const) : (['any'] as const);
  const fastTimes = FAST_TIMES[undated(model)];
  const modes = [
    { tier: 'standard', fast: false, times: 2 },
    { tier: 'batch', fast: false, times: 1 },
    ...(fastTimes ? [{ tier: 'standard', fast: true, times: 2 * fastTimes } as const] : []),
  ] as const;
  const tables: RateTable[] = [];
  for (const { tier, fast, times } of modes) {
    for (const geography of places) {
      for (const table of standard) {
        const perToken: PerToken = {};
        for (const [name, rate] of Object.entries(table.perToken) as [TokenClass, PicoDollars][]) {
          perToken[name] = Math.ceil((rate * times * (geography === 'us' ? 11 : 10)) / 20);
        }
        tables.push({ tier, contextAbove: table.contextAbove, fast, geography, perToken });
      }
    }
  }
  return tables;
}

/** Input and output share OpenAI's window; where LiteLLM lists the input part of it, the rest is output. */
function windowOf(provider: PricedProvider, entry: Entry): number | undefined {
  const input = numberOf(entry, 'max_input_tokens');
  if (input === undefined) return undefined;
  const isPart = provider === 'openai' && (input === 272_000 || input === 922_000);
  return isPart ? input + (numberOf(entry, 'max_output_tokens') ?? 0) : input;
}

function perUse(provider: PricedProvider, entry: Entry): ModelPrices['perUse'] {
  if (entry['mode'] === 'embedding') return {};
  const prices: Partial<Record<ToolUnit, PicoDollars>> = { ...PER_USE[provider] };
  const searches = Object.values(recordOf(entry['search_context_cost_per_query'])).filter(
    (price): price is number => typeof price === 'number',
  );
  if (searches.length > 0) prices.webSearch = each(Math.max(...searches));
  const maps = numberOf(entry, 'google_maps_grounding_cost_per_query');
  if (maps !== undefined) prices.mapsGrounding = each(maps);
  return prices;
}

function isServed(name: string, provider: PricedProvider, entry: Entry): boolean {
  const retires = entry['deprecation_date'];
  if (typeof retires === 'string' && retires < SERVED_SINCE) return false;
  const mode = String(entry['mode']);
  const speaks = MODES.has(mode) || (provider === 'gemini' && mode === 'image_generation');
  return speaks && !name.includes('/') && !LEFT_OUT.test(name);
}

/** The models of the three providers that LiteLLM prices per token and gives a window for; the rest by name. */
export function readLiteLlm(list: Entry): { models: readonly ModelPrices[]; skipped: readonly string[] } {
  const models = new Map<string, ModelPrices>();
  const skipped: string[] = [];
  for (const [key, value] of Object.entries(list)) {
    const entry = recordOf(value);
    const provider = entry['litellm_provider'];
    if (provider !== 'anthropic' && provider !== 'openai' && provider !== 'gemini') continue;
    const model = key.replace(/^gemini\//, '');
    if (!isServed(model, provider, entry)) continue;
    const contextTokensMost = windowOf(provider, entry);
    const retiresOn = entry['deprecation_date'];
    if (contextTokensMost === undefined || !numberOf(entry, 'input_cost_per_token')) {
      skipped.push(model);
      continue;
    }
    const tables =
      provider === 'anthropic' ? anthropicTables(model, entry) : completed(withoutRepetition(listedTables(entry)));
    models.set(model, {
      provider,
      model,
      alsoNamed: [],
      contextTokensMost,
      outputTokensMost: entry['mode'] === 'embedding' ? 0 : (numberOf(entry, 'max_output_tokens') ?? contextTokensMost),
      ...(typeof retiresOn === 'string' ? { retiresOn } : {}),
      rates: tables,
      perUse: perUse(provider, entry),
    });
  }
  return { models: [...models.values()], skipped };
}
