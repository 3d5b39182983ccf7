import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nano } from '../money/amount.ts';
import { instant } from '../time/instant.ts';
import { availableOf, compareBurnOrder, hasExpired, isActive } from './burn-order.ts';
import type { Tranche } from './state.ts';

const tranche = (changes: Partial<Tranche> = {}): Tranche => ({
  id: 't',
  account: 'a',
  priority: 1,
  effectiveAt: instant(10),
  createdAt: instant(0),
  stage: 'open',
  posted: nano(100n),
  held: nano(30n),
  version: 1,
  ...changes,
});

const instants = fc.nat(3).map(instant);
const tranches = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    priority: fc.nat(2),
    createdAt: instants,
    expiresAt: fc.option(instants, { nil: undefined }),
  })
  .map(({ expiresAt, ...rest }) => tranche(expiresAt === undefined ? rest : { ...rest, expiresAt }));

describe('a tranche', () => {
  const expiring = tranche({ expiresAt: instant(20) });
  it.each<[number, boolean, bigint]>([
    [9, false, 0n],
    [10, true, 70n],
    [19, true, 70n],
    [20, false, 0n],
  ])('at %i, of [10, 20), is active: %s, with %s available', (now, active, available) => {
    expect(isActive(expiring, instant(now))).toBe(active);
    expect(availableOf(expiring, instant(now))).toBe(available);
  });

  it('without an expiry never expires', () => {
    expect(hasExpired(tranche(), instant(Number.MAX_SAFE_INTEGER))).toBe(false);
  });
});

describe('the burn order', () => {
  const soon = { expiresAt: instant(50) };
  it.each<[string, Partial<Tranche>, Partial<Tranche>]>([
    ['a lower priority number before an earlier expiry', { priority: 1 }, { priority: 2, ...soon }],
    ['an earlier expiry before an older one', soon, { expiresAt: instant(60), createdAt: instant(-5) }],
    ['one that expires before one that never does', { ...soon, createdAt: instant(9) }, {}],
    ['the older before the smaller id', { id: 'z', createdAt: instant(1) }, { id: 'a', createdAt: instant(2) }],
    ['the smaller id in the end', { id: 'a' }, { id: 'b' }],
  ])('puts %s', (_, first, second) => {
    expect(compareBurnOrder(tranche(first), tranche(second))).toBeLessThan(0);
    expect(compareBurnOrder(tranche(second), tranche(first))).toBeGreaterThan(0);
  });

  it('is total: any two that differ have one order, and it is transitive', () => {
    fc.assert(
      fc.property(tranches, tranches, tranches, (a, b, c) => {
        const [ab, bc, ac] = [compareBurnOrder(a, b), compareBurnOrder(b, c), compareBurnOrder(a, c)].map(Math.sign);
        expect(Math.sign(compareBurnOrder(b, a)) + (ab ?? 0)).toBe(0);
        if (ab === bc) expect(ac).toBe(ab);
      }),
    );
  });
});
