/** How the words of a command line are read: money, shares, dates and counts, each refused with a reason. */
import { InvalidArgumentError } from 'commander';
import type { Money } from '../contract/money.ts';
import { date } from '../contract/text.ts';
import { parseDollars } from '../core/money/amount.ts';

/** `1200`, `1,200.50` or `$1,200.50`: dollars, at most nine decimals. */
export function readMoney(text: string): Money {
  const plain = text.replace(/^\$/, '').replaceAll(/(?<=\d),(?=\d{3}(\D|$))/g, '');
  const amount = parseDollars(plain);
  if (amount === undefined || amount < 0n)
    throw new InvalidArgumentError('This is no amount of dollars, such as 1200 or 0.05.');
  return { amount: plain, currency: 'USD' };
}

/** `50%` of base salary, or an amount of dollars. */
export function readBudget(text: string): { percentOfBase: string } | { amount: Money } {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  return percent === undefined ? { amount: readMoney(text) } : { percentOfBase: percent };
}

export function readDate(text: string): string {
  if (!date.safeParse(text).success) throw new InvalidArgumentError('This is no date, such as 2026-12-31.');
  return text;
}

/** A reader of whole numbers from `least` to `most`. */
export function readCount(least: number, most: number): (text: string) => number {
  return (text) => {
    const count = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(count >= least && count <= most))
      throw new InvalidArgumentError(`This is no whole number from ${least} to ${most}.`);
    return count;
  };
}

/** An option that may be given several times, in order. */
export function readEach(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/** Today in UTC, the company's zone unless it chose another. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
