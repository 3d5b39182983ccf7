import { type Amount, formatDollars } from '../../core/money/amount.ts';

/** Dollars as a person reads them, exact: `$1,234.50`, `-$0.000000001`. */
export function showMoney(value: Amount): string {
  const text = formatDollars(value);
  const [whole = '0', fraction = '00'] = text.replace('-', '').split('.');
  return `${value < 0n ? '-' : ''}$${separated(whole)}.${fraction}`;
}

/** A count with a comma before every third digit: `1,234,567`. */
export function showCount(count: number): string {
  return separated(String(count));
}

function separated(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}
