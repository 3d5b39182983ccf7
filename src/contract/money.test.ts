import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nano } from '../core/money/amount.ts';
import { fromMoney, money, moneyAsked, positiveMoneyAsked, toMoney } from './money.ts';

const usd = (amount: unknown) => ({ amount, currency: 'USD' });

describe('money', () => {
  it('goes out and comes back as it was', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }), (value) => {
        const written = money.parse(toMoney(nano(value)));
        expect(fromMoney(written)).toBe(value);
      }),
    );
  });

  it.each(['0', '0.000000001', '123.456789012', '9000000000'])('may be asked for as %s', (amount) =>
    expect(moneyAsked.safeParse(usd(amount)).success).toBe(true),
  );

  it.each([
    1,
    1.5,
    '1e3',
    '1e400',
    'NaN',
    '-0',
    '-1',
    '1,234.56',
    '1.234,56',
    '',
    ' 1',
    '0.0000000001',
    '9000000001',
    null,
  ])('is refused as %j rather than guessed at', (amount) =>
    expect(moneyAsked.safeParse(usd(amount)).success).toBe(false),
  );

  it('is refused in another currency and with fields of its own', () => {
    expect(moneyAsked.safeParse({ amount: '1', currency: 'EUR' }).success).toBe(false);
    expect(moneyAsked.safeParse({ amount: '1', currency: 'USD', cents: 1 }).success).toBe(false);
  });

  it('that must be positive is not nothing', () => {
    expect(positiveMoneyAsked.safeParse(usd('0.000')).success).toBe(false);
    expect(positiveMoneyAsked.safeParse(usd('0.000000001')).success).toBe(true);
  });
});
