/**
 * Reads the price data inside `@pydantic/genai-prices` (npm, MIT): dated standard prices, with the changes that providers
 * have announced. It has no batch, flex, priority or geography.
 */
import type { RateTable } from '../../src/core/pricing/sheet.ts';
import type { TokenClass } from '../../src/core/pricing/usage.ts';
import { type PerToken, perMillion } from './rates.ts';

const CLASSES: Readonly<Record<string, TokenClass>> = {
  input_mtok: 'input',
  output_mtok: 'output',
  cache_read_mtok: 'cacheRead',
  cache_write_mtok: 'cacheWrite5m',
  cache_write_1h_mtok: 'cacheWrite1h',
  input_audio_mtok: 'inputAudio',
  output_audio_mtok: 'outputAudio',
  input_image_mtok: 'inputImage',
  output_image_mtok: 'outputImage',
};

/** The part of genai-prices' own types that is read here. */
export interface GenaiModel {
  readonly id: string;
  readonly prices: unknown;
}

interface Dated {
  readonly from: string;
  readonly prices: Readonly<Record<string, unknown>>;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function datedPrices(model: GenaiModel): readonly Dated[] {
  if (!Array.isArray(model.prices)) return [{ from: '', prices: recordOf(model.prices) }];
  return model.prices.map((each: unknown) => {
    const { constraint, prices } = recordOf(each);
    return { from: String(recordOf(constraint)['start_date'] ?? ''), prices: recordOf(prices) };
  });
}

/** The standard tables in force on a day. */
export function standardTables(model: GenaiModel, on: string): readonly RateTable[] {
  const { prices } = datedPrices(model)
    .filter((each) => each.from <= on)
    .reduce((last, each) => (each.from >= last.from ? each : last));
  const byThreshold = new Map<number, PerToken>([[0, {}]]);
  const put = (above: number, tokenClass: TokenClass, dollars: unknown): void => {
    const table = byThreshold.get(above) ?? {};
    table[tokenClass] = perMillion(Number(dollars));
    byThreshold.set(above, table);
  };
  for (const [field, value] of Object.entries(prices)) {
    const tokenClass = CLASSES[field];
    if (!tokenClass) continue;
    if (typeof value === 'number') {
      put(0, tokenClass, value);
      continue;
    }
    const { base, tiers } = recordOf(value);
    put(0, tokenClass, base);
    if (!Array.isArray(tiers)) continue;
    for (const tier of tiers.map(recordOf)) put(Number(tier['start']), tokenClass, tier['price']);
  }
  return [...byThreshold].map(([contextAbove, perToken]) => ({
    tier: 'standard',
    contextAbove,
    fast: false,
    geography: 'any',
    perToken,
  }));
}

/** Days after `on` from which other prices are announced. */
export function announcedAfter(model: GenaiModel, on: string): readonly string[] {
  return datedPrices(model).flatMap((each) => (each.from > on ? [each.from] : []));
}
