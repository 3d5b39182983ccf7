/**
 * Generates a price sheet as data: `node scripts/price-sheet/generate.ts --on 2026-11-23 --litellm FILE
 * --litellm-version 1.109.1 --genai-prices FOLDER --out FILE`.
 *
 * FILE is LiteLLM's model_prices_and_context_window.json (in its Python package: model_prices_and_context_window_backup.json),
 * FOLDER the npm package @pydantic/genai-prices. Nothing is fetched. docs/concepts/pricing.md tells how to review a new one.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { readPriceDocument } from '../../src/core/pricing/published.ts';
import type { ModelPrices } from '../../src/core/pricing/sheet.ts';
import { announcedAfter, type GenaiModel, standardTables } from './genai-prices.ts';
import { readLiteLlm } from './litellm.ts';
import { completed, ordered, type PerToken, perMillion, sameRates, scaled, withRates } from './rates.ts';
import {
  ADDED,
  type AddedModel,
  ALIASES,
  LONG_CONTEXT,
  LONG_CONTEXT_WINDOW,
  PER_USE,
  RETIRED,
  SCHEDULED,
  undated,
} from './rules.ts';

const GENAI_PROVIDERS = { anthropic: 'anthropic', openai: 'openai', gemini: 'google' } as const;

interface GenaiPrices {
  readonly findProvider: (options: { providerId: string }) => { models: readonly GenaiModel[] } | undefined;
}

/** One model for each set of prices: snapshots and aliases with the prices of their model become names of it. */
function merged(models: readonly ModelPrices[]): readonly ModelPrices[] {
  const byName = new Map(models.map((each) => [each.model, each]));
  const names = new Map<string, string[]>();
  const kept: ModelPrices[] = [];
  for (const each of models) {
    const alias = ALIASES[each.model];
    const target = byName.get(alias ?? undated(each.model));
    const isOther = target && target !== each;
    const same = isOther && sameRates(target.rates, each.rates) && target.outputTokensMost === each.outputTokensMost;
    if (isOther && (alias || same)) names.set(target.model, [...(names.get(target.model) ?? []), each.model]);
    else kept.push(each);
  }
  return kept.map((each) => ({ ...each, alsoNamed: [...each.alsoNamed, ...(names.get(each.model) ?? [])].sort() }));
}

function added(rule: AddedModel, models: readonly ModelPrices[]): ModelPrices {
  const like = models.find((each) => each.model === rule.like);
  const base = like?.rates[0]?.perToken;
  if (!like || !base) throw new Error(`${rule.model} is like ${rule.like}, which is not listed`);
  const { retiresOn: _, ...lasting } = like;
  const priced = withRates({ ...lasting, model: rule.model, alsoNamed: [] }, (table) => {
    const perToken: PerToken = { ...table.perToken };
    for (const name of ['input', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'output'] as const) {
      const [dollars, old, rate] = [rule.dollarsPerMillion[name], base[name], table.perToken[name]];
      if (dollars !== undefined && old && rate) perToken[name] = Math.ceil((rate * perMillion(dollars)) / old);
    }
    return table.tier === 'ultrafast' ? scaled(perToken, 1, rule.ultrafastPer ?? 1) : perToken;
  });
  const { fastTimes } = rule;
  if (!fastTimes) return priced;
  const fast = priced.rates
    .filter((table) => table.tier === 'standard')
    .map((table) => ({ ...table, fast: true, perToken: scaled(table.perToken, fastTimes) }));
  return { ...priced, rates: [...priced.rates, ...fast] };
}

function withLongContext(model: ModelPrices, genai: ReadonlyMap<string, GenaiModel>, on: string): ModelPrices {
  const listed = genai.get(`${model.provider} ${LONG_CONTEXT[model.model] ?? ''}`);
  const base = model.rates[0];
  if (!listed || !base) return model;
  const long = standardTables(listed, on).filter((table) => table.contextAbove > 0);
  const contextTokensMost = Math.max(model.contextTokensMost, LONG_CONTEXT_WINDOW);
  return { ...model, contextTokensMost, rates: completed([...model.rates, ...long]) };
}

function retired(genai: ReadonlyMap<string, GenaiModel>, on: string): readonly ModelPrices[] {
  return RETIRED.map(({ genaiId, ...names }) => {
    const listed = genai.get(`${names.provider} ${genaiId}`);
    if (!listed) throw new Error(`genai-prices does not list ${genaiId}`);
    return { ...names, rates: standardTables(listed, on), perUse: PER_USE[names.provider] };
  });
}

function scheduled(
  models: readonly ModelPrices[],
  on: string,
): readonly { effectiveOn: string; models: ModelPrices[] }[] {
  const current = new Map(models.map((each) => [each.model, each]));
  const days = [...new Set(SCHEDULED.map((each) => each.on))].filter((day) => day > on).sort();
  return days.map((effectiveOn) => {
    const changed = SCHEDULED.filter((each) => each.on === effectiveOn).map(({ model, times, tier }) => {
      const before = current.get(model);
      if (!before) throw new Error(`${model} is to change on ${effectiveOn} and is not listed`);
      const after = withRates(before, (table) =>
        tier === undefined || table.tier === tier ? scaled(table.perToken, times) : table.perToken,
      );
      current.set(model, after);
      return printed(after);
    });
    return { effectiveOn, models: changed };
  });
}

/** Every change that genai-prices knows to come must be in our schedule. */
function checkAnnounced(genai: ReadonlyMap<string, GenaiModel>, models: readonly ModelPrices[], on: string): void {
  for (const { provider, model } of models) {
    const listed = genai.get(`${provider} ${model}`);
    for (const day of listed ? announcedAfter(listed, on) : []) {
      if (!SCHEDULED.some((each) => each.model === model && each.on === day)) {
        throw new Error(`${model} changes on ${day}: put it in SCHEDULED`);
      }
    }
  }
}

/** Fields and classes in one order everywhere, so that generated files differ only where prices do. */
function printed(model: ModelPrices): ModelPrices {
  const rates = model.rates.map(({ tier, contextAbove, fast, geography, perToken }) => {
    return { tier, contextAbove, fast, geography, perToken: ordered(perToken) };
  });
  return { ...model, rates };
}

/** JSON with one line for each rate table, so that a change of price is a change of one line. */
function print(document: object): string {
  const oneLine = /\{\n\s+"tier"[^}]*\}\n\s+\}|"(?:alsoNamed|perUse)": [[{][^\]}]*[\]}]/g;
  return `${JSON.stringify(document, null, 2).replace(oneLine, (block) => block.replace(/\s*\n\s*/g, ' '))}\n`;
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

const { values } = parseArgs({
  options: {
    on: { type: 'string', default: '' },
    litellm: { type: 'string', default: '' },
    'litellm-version': { type: 'string', default: '' },
    'genai-prices': { type: 'string', default: '' },
    out: { type: 'string', default: '' },
  },
});
const { on, litellm, out } = values;
const genaiFile = resolve(values['genai-prices'], 'dist/index.js');
const genaiPackage = JSON.parse(readFileSync(resolve(values['genai-prices'], 'package.json'), 'utf8'));
const genaiModule: GenaiPrices = await import(pathToFileURL(genaiFile).href);
const genai = new Map<string, GenaiModel>();
for (const [provider, providerId] of Object.entries(GENAI_PROVIDERS)) {
  for (const each of genaiModule.findProvider({ providerId })?.models ?? []) genai.set(`${provider} ${each.id}`, each);
}

const read = readLiteLlm(JSON.parse(readFileSync(litellm, 'utf8')));
const listed = merged(read.models).map((each) => withLongContext(each, genai, on));
const all = [...listed, ...ADDED.map((rule) => added(rule, listed)), ...retired(genai, on)];
const models = all.map(printed).sort((a, b) => (`${a.provider} ${a.model}` < `${b.provider} ${b.model}` ? -1 : 1));
checkAnnounced(genai, models, on);

const document = {
  provenance: {
    note: 'Generated by scripts/price-sheet/generate.ts; corrections and their sources are in rules.ts beside it.',
    sources: [
      {
        name: 'LiteLLM model_prices_and_context_window.json',
        home: 'https://github.com/BerriAI/litellm',
        version: values['litellm-version'],
        licence: 'MIT',
        sha256: sha256(litellm),
      },
      {
        name: genaiPackage.name,
        home: 'https://github.com/pydantic/genai-prices',
        version: genaiPackage.version,
        licence: 'MIT',
        sha256: sha256(genaiFile),
      },
    ],
  },
  effectiveOn: on,
  models,
  scheduled: scheduled(models, on),
};
const sheets = readPriceDocument(JSON.parse(JSON.stringify(document)));
writeFileSync(out, print(document));
process.stdout.write(`${models.length} models, ${sheets.length} sheets. Not priced: ${read.skipped.join(', ')}\n`);
