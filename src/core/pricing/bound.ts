/**
 * The most a call can cost, known before it leaves: what is held for it. Every choice the request leaves to the provider
 * is taken at its dearest, so that no usage within the demand is charged more.
 */
import type { Amount } from '../money/amount.ts';
import type { CallDemand } from './demand.ts';
import { candidates, roundUp } from './price.ts';
import { perUseOf, rateOf, selectRates } from './rates.ts';
import { findModel, type ModelPrices, type PriceSheet, type RateTable } from './sheet.ts';
import type { ServiceTier, TokenClass, ToolUnit } from './usage.ts';

/**
 * An output limit is never lowered to or below the thinking budget plus this many tokens: under it, an answer is cut
 * before it says anything, and the budget is spent for nothing.
 */
const OUTPUT_BEYOND_THINKING = 1_024;

/**
 * What stands in where a protocol gives no bound. A tool that the provider runs feeds back what it found; no provider
 * says how much at the most, and a whole window for each use would refuse nearly every call that may search once.
 */
export interface ToolAllowance {
  /** Uses, by all tools together that the request does not cap. A wire splices it in where its protocol has a cap. */
  readonly uncappedUses: number;
  /**
   * Tokens by which one use lengthens the context of the invocations after it. `window`: each of them may fill the
   * model's context window, which nothing exceeds.
   */
  readonly tokensPerUse: number | 'window';
}

/** Decided in docs/decisions/0012: the longest growth per search in recorded answers is 13,628 tokens. */
export const TOOL_ALLOWANCE: ToolAllowance = { uncappedUses: 5, tokensPerUse: 16_384 };

export interface UpperBound {
  /** What the call costs at the most with `outputLimit`. */
  readonly amount: Amount;
  /** The output limit per candidate to ask for: the stated one, or the model's own maximum where that is less. */
  readonly outputLimit: number;
  /** The same with the smallest output limit that may be asked for: below this the call is refused. */
  readonly leastAmount: Amount;
  readonly leastOutputLimit: number;
  /** The part of both that no output limit lowers: input, tools, other models. */
  readonly inputAmount: Amount;
}

/** Tiers a request may be served at. `ultrafast` is served only to a request that names it, in every event. */
function tiersOf(pinned: ServiceTier | undefined): readonly ServiceTier[] {
  if (pinned === undefined) return ['standard', 'priority'];
  return pinned === 'priority' || pinned === 'ultrafast' ? [pinned, 'priority', 'standard'] : [pinned];
}

/** Every table that may apply to an invocation with up to `contextTokens` of input. */
function possibleRates(model: ModelPrices, demand: CallDemand, contextTokens: number): readonly RateTable[] {
  const speeds = demand.fast ? [true, false] : [false];
  const places = demand.geography === undefined ? (['any', 'us'] as const) : ([demand.geography] as const);
  const thresholds = new Set(model.rates.map((table) => table.contextAbove));
  const contexts = [...thresholds].filter((above) => above < contextTokens).map((above) => above + 1);
  const found = new Set<RateTable>();
  for (const tier of tiersOf(demand.serviceTier)) {
    for (const fast of speeds) {
      for (const geography of places) {
        for (const context of [0, ...contexts]) {
          found.add(selectRates(model, { tier, fast, geography, contextTokens: context }));
        }
      }
    }
  }
  return [...found];
}

function inputClasses(demand: CallDemand): readonly TokenClass[] {
  const classes: TokenClass[] = ['input', 'cacheRead'];
  if (demand.inputMayHoldAudio || demand.inputUnseen) classes.push('inputAudio');
  if (demand.inputMayHoldImages || demand.inputUnseen) classes.push('inputImage');
  if (demand.cacheWrite !== 'none') classes.push('cacheWrite5m');
  if (demand.cacheWrite === '1h') classes.push('cacheWrite1h');
  return classes;
}

function outputClasses(demand: CallDemand): readonly TokenClass[] {
  const classes: TokenClass[] = ['output'];
  if (demand.outputMayHoldAudio) classes.push('outputAudio');
  if (demand.outputMayHoldImages) classes.push('outputImage');
  return classes;
}

function dearest(tables: readonly RateTable[], classes: readonly TokenClass[]): bigint {
  return BigInt(Math.max(...tables.flatMap((table) => classes.map((each) => rateOf(table, each)))));
}

/** Uses of tools the call may make, and the most they cost by themselves. */
function toolUses(
  model: ModelPrices,
  demand: CallDemand,
  sheet: PriceSheet,
  allowance: ToolAllowance,
): { uses: number; picoDollars: bigint } {
  const priceOf = (unit: ToolUnit | 'free'): bigint => (unit === 'free' ? 0n : BigInt(perUseOf(sheet, model, unit)));
  let uses = 0;
  let picoDollars = 0n;
  let uncapped: bigint | undefined;
  for (const { unit, usesMost } of demand.serverTools) {
    const price = priceOf(unit);
    if (usesMost === undefined) {
      uncapped = uncapped === undefined || price > uncapped ? price : uncapped;
    } else {
      uses += usesMost;
      picoDollars += BigInt(usesMost) * price;
    }
  }
  if (uncapped !== undefined) {
    uses += allowance.uncappedUses;
    picoDollars += BigInt(allowance.uncappedUses) * uncapped;
  }
  return { uses: uses * demand.candidates, picoDollars: picoDollars * BigInt(demand.candidates) };
}

/**
 * The first invocation's input at the most: what the bytes can become, or the window where not all of it is in them.
 * A request for embeddings is a list of inputs, of which each has the window to itself, the unseen one too.
 */
function firstContext(model: ModelPrices, demand: CallDemand): number {
  const { inputTokensMost, inputUnseen } = demand;
  const window = model.contextTokensMost;
  if (model.outputTokensMost === 0) return inputTokensMost + (inputUnseen ? window : 0);
  return inputUnseen ? window : Math.min(inputTokensMost, window);
}

/** Tokens by which a tool use lengthens the context, at the most to the whole window. */
function growthOf(allowance: ToolAllowance, window: number): number {
  return allowance.tokensPerUse === 'window' ? window : allowance.tokensPerUse;
}

/** What one input token costs at the most, by the highest context threshold that is passed. */
function inputRates(model: ModelPrices, demand: CallDemand): (context: number) => bigint {
  const classes = inputClasses(demand);
  const thresholds = [...new Set(model.rates.map((table) => table.contextAbove))];
  const known = new Map<number, bigint>();
  return (context) => {
    const passed = Math.max(0, ...thresholds.filter((above) => above < context));
    const rate = known.get(passed) ?? dearest(possibleRates(model, demand, context), classes);
    known.set(passed, rate);
    return rate;
  };
}

/** Input of the first invocation and of the one after each tool use, which is sent all that came before it again. */
function inputPicoDollars(model: ModelPrices, demand: CallDemand, uses: number, growth: number): bigint {
  const window = model.contextTokensMost;
  const rate = inputRates(model, demand);
  let context = firstContext(model, demand);
  let picoDollars = BigInt(context) * rate(context);
  for (let left = uses; left > 0; left -= 1) {
    context = Math.min(window, context + growth);
    if (context === window) return picoDollars + BigInt(left) * BigInt(window) * rate(window);
    picoDollars += BigInt(context) * rate(context);
  }
  return picoDollars;
}

/** One invocation of another model: all of this call's context, and that model's longest answer. */
function otherPicoDollars(model: ModelPrices, demand: CallDemand, allowance: ToolAllowance): bigint {
  const window = model.contextTokensMost;
  const context = Math.min(window, firstContext(model, demand) + growthOf(allowance, window));
  const tables = possibleRates(model, demand, context);
  return (
    BigInt(context) * dearest(tables, inputClasses(demand)) +
    BigInt(model.outputTokensMost) * dearest(tables, outputClasses(demand))
  );
}

interface LinearBound {
  /** What no output limit changes. */
  readonly fixed: bigint;
  /** What each token of the output limit adds. */
  readonly perOutputToken: bigint;
  readonly outputLimitMost: number;
  readonly outputLimitLeast: number;
}

/** The bound as a straight line over the output limit, in pico-dollars. */
function linearBound(demand: CallDemand, sheet: PriceSheet, allowance: ToolAllowance): LinearBound {
  const model = findModel(sheet, demand.model);
  if (!model) throw new RangeError(`price sheet ${sheet.id} does not list ${demand.model}`);
  const { uses, picoDollars } = toolUses(model, demand, sheet, allowance);
  const window = model.contextTokensMost;
  const growth = growthOf(allowance, window);
  let fixed = picoDollars + inputPicoDollars(model, demand, uses, growth);
  for (const name of demand.otherModels) {
    let most = 0n;
    for (const other of candidates(sheet, name, model, false)) {
      const cost = otherPicoDollars(other, demand, allowance);
      if (cost > most) most = cost;
    }
    fixed += most;
  }

  const longest = Math.min(window, firstContext(model, demand) + uses * growth);
  const perOutputToken =
    BigInt(demand.candidates) * dearest(possibleRates(model, demand, longest), outputClasses(demand));

  const outputLimitMost = Math.min(demand.outputLimit ?? model.outputTokensMost, model.outputTokensMost);
  const outputLimitLeast = Math.min(outputLimitMost, demand.thinkingBudget + OUTPUT_BEYOND_THINKING + 1);
  return { fixed, perOutputToken, outputLimitMost, outputLimitLeast };
}

/**
 * The most a call can cost, and the most it can cost with its output limit lowered as far as is allowed: to the thinking
 * budget plus 1,025 tokens, or what the request states where that is less already.
 *
 * @throws RangeError when the sheet does not list the model; ask `findModel` first.
 */
export function upperBound(
  demand: CallDemand,
  sheet: PriceSheet,
  allowance: ToolAllowance = TOOL_ALLOWANCE,
): UpperBound {
  const { fixed, perOutputToken, outputLimitMost, outputLimitLeast } = linearBound(demand, sheet, allowance);
  return {
    amount: roundUp(fixed + BigInt(outputLimitMost) * perOutputToken),
    outputLimit: outputLimitMost,
    leastAmount: roundUp(fixed + BigInt(outputLimitLeast) * perOutputToken),
    leastOutputLimit: outputLimitLeast,
    inputAmount: roundUp(fixed),
  };
}

/**
 * The largest output limit per candidate whose upper bound is within `held`. It is never above the bound's `outputLimit`
 * nor below its `leastOutputLimit`: what is held is at least the bound's `leastAmount`, or the call is refused.
 *
 * @throws RangeError when the sheet does not list the model.
 */
export function affordableOutputLimit(
  demand: CallDemand,
  held: Amount,
  sheet: PriceSheet,
  allowance: ToolAllowance = TOOL_ALLOWANCE,
): number {
  const { fixed, perOutputToken, outputLimitMost, outputLimitLeast } = linearBound(demand, sheet, allowance);
  const bought = (held * 1_000n - fixed) / perOutputToken;
  if (bought >= BigInt(outputLimitMost)) return outputLimitMost;
  return Math.max(outputLimitLeast, Number(bought));
}
