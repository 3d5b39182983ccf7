/** What a call costs: each line at the rates it was served at, summed exactly, rounded up once. */
import { type Amount, nano } from '../money/amount.ts';
import { perUseOf, rateOf, type ServedAs, selectRates } from './rates.ts';
import { findModel, type ModelPrices, type PriceSheet, type RateTable } from './sheet.ts';
import { type MeteredCall, type ServiceTier, TOKEN_CLASSES, TOOL_UNITS, type UsageLine } from './usage.ts';

const PICO_PER_NANO = 1_000n;

/** Whole nano-dollars, rounded up: the one rounding of a request. */
export function roundUp(picoDollars: bigint): Amount {
  return nano((picoDollars + PICO_PER_NANO - 1n) / PICO_PER_NANO);
}

/** What the request asked for, which settles what the answer leaves open. */
export interface Asked {
  readonly model: string;
  readonly serviceTier?: ServiceTier;
}

/** One line of a call with the rates that applied to it. */
interface PricedLine {
  /** The model as the answer names it. */
  readonly named: string;
  /** The model whose prices were used. */
  readonly model: string;
  readonly rates: RateTable;
  readonly picoDollars: bigint;
}

export interface PricedCall {
  /** Nano-dollars, rounded up once. */
  readonly amount: Amount;
  readonly picoDollars: bigint;
  readonly lines: readonly PricedLine[];
  readonly toolPicoDollars: bigint;
  /** The id of the sheet that priced it. */
  readonly sheet: string;
}

/** What dated snapshots add to the name of their model, on any provider. */
const SNAPSHOT = /^-(\d{8}|\d{4}-\d{2}-\d{2}|\d{3})$/;

function isSnapshotOf(model: ModelPrices, name: string): boolean {
  return [model.model, ...model.alsoNamed].some(
    (each) => name.startsWith(each) && SNAPSHOT.test(name.slice(each.length)),
  );
}

/**
 * The models a line may be priced as; the dearest of them is taken. One, wherever the name is listed. A name that is
 * not listed is the model that was asked for when it is a snapshot of it or the call's only name; any other (an advisor
 * or fallback newer than the sheet) may be any model of the provider.
 */
export function candidates(
  sheet: PriceSheet,
  name: string,
  asked: ModelPrices | undefined,
  alone: boolean,
): readonly ModelPrices[] {
  const exact = findModel(sheet, name);
  if (exact) return [exact];
  if (!asked) return sheet.models;
  if (alone || isSnapshotOf(asked, name)) return [asked];
  return sheet.models.filter((each) => each.provider === asked.provider);
}

function priceLineAt(line: UsageLine, model: ModelPrices, served: Omit<ServedAs, 'contextTokens'>): PricedLine {
  const rates = selectRates(model, { ...served, contextTokens: line.contextTokens });
  let picoDollars = 0n;
  if (!(line.refused && line.usage.output === 0 && model.provider === 'anthropic')) {
    for (const each of TOKEN_CLASSES) {
      const tokens = line.usage[each];
      if (tokens > 0) picoDollars += BigInt(tokens) * BigInt(rateOf(rates, each));
    }
  }
  return { named: line.model, model: model.model, rates, picoDollars };
}

function dearer(a: PricedLine | undefined, b: PricedLine): PricedLine {
  return a && a.picoDollars >= b.picoDollars ? a : b;
}

/**
 * Prices a call by the tier, speed, geography and context of each line. The tier is the one the answer states; where it
 * states none, the one the request pinned, else standard. Tool uses cost what they cost on the model that was asked
 * for. Every class that was used is charged and every model is, however unknown (see `rateOf`, `candidates`); the only
 * lines that are free are those a provider declined.
 *
 * @throws RangeError when the sheet lists no models, or a count is no safe integer.
 */
export function priceCall(call: MeteredCall, sheet: PriceSheet, asked?: Asked): PricedCall {
  const askedModel = asked && findModel(sheet, asked.model);
  const alone = new Set(call.lines.map((line) => line.model)).size === 1;
  const served = {
    tier: call.serviceTier ?? asked?.serviceTier ?? 'standard',
    fast: call.fast ?? false,
    geography: call.geography ?? 'any',
  } as const;

  const lines = call.lines.map((line) => {
    let priced: PricedLine | undefined;
    for (const model of candidates(sheet, line.model, askedModel, alone)) {
      priced = dearer(priced, priceLineAt(line, model, served));
    }
    if (!priced) throw new RangeError(`price sheet ${sheet.id} lists no models`);
    return priced;
  });

  const first = askedModel ?? findModel(sheet, lines[0]?.model ?? '');
  let toolPicoDollars = 0n;
  for (const unit of TOOL_UNITS) {
    const uses = call.toolUses[unit] ?? 0;
    if (uses > 0 && first) toolPicoDollars += BigInt(uses) * BigInt(perUseOf(sheet, first, unit));
  }

  const picoDollars = lines.reduce((sum, line) => sum + line.picoDollars, toolPicoDollars);
  return { amount: roundUp(picoDollars), picoDollars, lines, toolPicoDollars, sheet: sheet.id };
}
