import { describe, expect, it } from 'vitest';
import { nano } from '../money/amount.ts';
import { instant } from '../time/instant.ts';
import { AMOUNT_MOST, inadmissible, isAccountId, isUuid } from './admissible.ts';
import type { LedgerOperation, TrancheTerms } from './operations.ts';

const id = '01234567-89ab-7def-8123-456789abcdef';
const call = { requestId: 'r', principalId: 'p', provider: 'x', model: 'm' };
const none = nano(0n);
const hold = {
  kind: 'hold',
  id,
  accounts: ['7'],
  amount: nano(5n),
  least: nano(5n),
  known: none,
  sticky: true,
  call,
} as const;
const terms: TrancheTerms = { id, amount: nano(5n), priority: 1, effectiveAt: instant(0) };
const grant = { kind: 'grant', id, account: '7', grantId: 'g', from: 'company', tranches: [terms] } as const;
const charge = {
  kind: 'charge',
  id,
  accounts: ['7'],
  amount: nano(5n),
  call,
  charge: { outcome: 'completed' },
} as const;

describe('an operation', () => {
  it.each<LedgerOperation>([
    hold,
    { ...hold, leaseMs: 60_000, amount: nano(AMOUNT_MOST) },
    grant,
    { ...grant, from: '8' },
    charge,
    { kind: 'fund', id, account: '7', tranche: terms },
    { kind: 'transfer', id, from: '7', to: '8', tranche: { ...terms, expiresAt: instant(1) } },
    { kind: 'forfeit', id, account: '7', grantId: 'g' },
    { kind: 'reverse', id, entry: id, amount: nano(5n) },
    { kind: 'checkpoint', id, known: none, leaseMs: 0 },
    { kind: 'settle', id, amount: none, charge: { outcome: 'completed' } },
    { kind: 'void', id },
    { kind: 'expire', id },
  ])('of the kind $kind can be decided', (operation) => expect(inadmissible(operation)).toBeUndefined());

  it.each<[string, LedgerOperation]>([
    ['an id that is none', { kind: 'void', id: 'x' }],
    ['an id in capitals, which the database would answer in small letters', { kind: 'void', id: id.toUpperCase() }],
    ['an account that is none', { ...hold, accounts: ['7', 'x'] }],
    ['a source that is none', { ...grant, from: '' }],
    ['a receiver that is none', { kind: 'transfer', id, from: '7', to: '-8', tranche: terms }],
    ['an entry that is none', { kind: 'reverse', id, entry: '1', amount: none }],
    [
      'a tranche that ends before it begins',
      { ...grant, tranches: [{ ...terms, effectiveAt: instant(2), expiresAt: instant(2) }] },
    ],
    ['a negative amount', { ...charge, amount: nano(-1n) }],
    ['an amount that no account can hold', { ...charge, amount: nano(AMOUNT_MOST + 1n) }],
    [
      'parts that no account can hold together',
      { ...grant, tranches: [terms, { ...terms, amount: nano(AMOUNT_MOST) }] },
    ],
    ['more needed than asked', { ...hold, least: nano(6n) }],
    ['less than nothing known', { kind: 'checkpoint', id, known: nano(-1n), leaseMs: 1 }],
    ['a lease of less than nothing', { ...hold, leaseMs: -1 }],
    ['a lease without end', { ...hold, leaseMs: Number.POSITIVE_INFINITY }],
    ['a tranche id that is none', { ...grant, tranches: [{ ...terms, id: 't' }] }],
    ['half a priority', { ...grant, tranches: [{ ...terms, priority: 0.5 }] }],
    ['a day after the last', { kind: 'fund', id, account: '7', tranche: { ...terms, effectiveAt: instant(9e15) } }],
    [
      'a rollover of less than nothing',
      { ...grant, tranches: [{ ...terms, rollover: { most: nano(-1n), least: none } }] },
    ],
  ])('with %s cannot', (_, operation) => expect(inadmissible(operation)).toEqual(expect.any(String)));
});

it('ids are known by their form', () => {
  expect([isUuid(id), isUuid(`${id} `), isUuid('')]).toEqual([true, false, false]);
  expect([isAccountId('12'), isAccountId('012'), isAccountId('1e3'), isAccountId('9'.repeat(19))]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
