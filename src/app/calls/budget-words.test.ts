import { expect, it } from 'vitest';
import { nano } from '../../core/money/amount.ts';
import { instant } from '../../core/time/instant.ts';
import { budgetExhausted } from './budget-words.ts';

const dollars = (value: number) => nano(BigInt(value * 1e9));

it('a spent budget is told in one readable sentence each: what, left, renewal, whom to ask', () => {
  const { message } = budgetExhausted({
    available: dollars(0.129),
    needed: dollars(0.801),
    renewsAt: instant(Date.UTC(2026, 11, 1)),
    whereToAsk: 'your manager',
  });
  expect(message).toBe(
    'Your AI token budget does not cover this call: $0.12 is left and the call needs up to $0.81. ' +
      'It renews on 1 December 2026 (UTC). To get more, ask your manager.',
  );
});

it('an empty budget without renewal says so', () => {
  const { message } = budgetExhausted({ available: dollars(0), needed: dollars(2), whereToAsk: 'the people team' });
  expect(message).toBe(
    'Your AI token budget is used up, or held by calls that are still running: $0.00 is left and the call needs up to $2.00. ' +
      'No renewal is planned. To get more, ask the people team.',
  );
});

it('less than a cent is told to the nano-dollar, never as zero', () => {
  const { message } = budgetExhausted({ available: nano(1_200_000n), needed: nano(3_400_000n), whereToAsk: 'x' });
  expect(message).toContain('$0.0012 is left and the call needs up to $0.0034');
});
