import { describe, expect, it } from 'vitest';
import { readBudget, readCount, readDate, readEach, readMoney } from './arguments.ts';

describe('money on the command line', () => {
  it.each([
    ['1200', '1200'],
    ['$1,200.50', '1200.50'],
    ['1,234,567', '1234567'],
    ['0.000000001', '0.000000001'],
  ])('%s is %s dollars', (text, amount) => expect(readMoney(text)).toEqual({ amount, currency: 'USD' }));

  it.each(['', '12,00', '1.234,56', '-5', '1e3', '5 USD', '€5', '0.0000000001'])('%j is refused', (text) =>
    expect(() => readMoney(text)).toThrow(/no amount of dollars/),
  );
});

describe('a budget', () => {
  it('is a share of base salary with a percent sign, else dollars', () => {
    expect(readBudget('12.5%')).toEqual({ percentOfBase: '12.5' });
    expect(readBudget('$600')).toEqual({ amount: { amount: '600', currency: 'USD' } });
    expect(() => readBudget('%')).toThrow();
  });
});

describe('the other words', () => {
  it('a date must exist', () => {
    expect(readDate('2028-02-29')).toBe('2028-02-29');
    expect(() => readDate('2027-02-29')).toThrow(/no date/);
  });

  it('a count stays in its bounds', () => {
    expect(readCount(1, 10)('10')).toBe(10);
    for (const text of ['0', '11', '1.5', '1e1', '']) expect(() => readCount(1, 10)(text)).toThrow(/from 1 to 10/);
  });

  it('a repeated option keeps its order', () => {
    expect(readEach('b', readEach('a', undefined))).toEqual(['a', 'b']);
  });
});
