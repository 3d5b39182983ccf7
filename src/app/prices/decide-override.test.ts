import { describe, expect, it } from 'vitest';
import { instant } from '../../core/time/instant.ts';
import type { OverrideRecord, PriceOverrides } from '../ports/price-overrides.ts';
import { decideOverride } from './decide-override.ts';

const proposed: OverrideRecord = {
  id: 'o',
  state: 'proposed',
  prices: {
    provider: 'openai',
    model: 'gpt-new',
    alsoNamed: [],
    contextTokensMost: 1,
    outputTokensMost: 1,
    rates: [],
    perUse: {},
  },
  effectiveOn: '2026-12-01',
  reason: 'retired',
  proposedBy: 'ada',
  proposedAt: instant(0),
};

/** One override, decided as the database would: once. */
function keeping(initial: OverrideRecord): Pick<PriceOverrides, 'find' | 'decide'> & PriceOverrides {
  let kept = initial;
  return {
    find: async (id) => (id === kept.id ? kept : undefined),
    decide: async (_, state, by) => {
      if (kept.state !== 'proposed') return undefined;
      kept = { ...kept, state, decidedBy: by };
      return kept;
    },
    list: () => Promise.reject(new Error('not asked for')),
    propose: () => Promise.reject(new Error('not asked for')),
    approved: () => Promise.reject(new Error('not asked for')),
  };
}

const ports = (initial = proposed) => ({ priceOverrides: keeping(initial) });
const by = (name: string) => ({ id: 'act', by: name });

describe('a proposed price', () => {
  it('counts when somebody else approves it, and stays so when they say it again', async () => {
    const kept = ports();
    expect(await decideOverride(kept, by('bob'), 'o', 'approved')).toMatchObject({ state: 'approved' });
    expect(await decideOverride(kept, by('bob'), 'o', 'approved')).toMatchObject({ state: 'approved' });
  });

  it('is not approved by who proposed it, who may withdraw it', async () => {
    await expect(decideOverride(ports(), by('ada'), 'o', 'approved')).rejects.toMatchObject({
      refusal: { code: 'policy_denied' },
    });
    expect(await decideOverride(ports(), by('ada'), 'o', 'withdrawn')).toMatchObject({ state: 'withdrawn' });
  });

  it('that was decided otherwise, or is not there, is refused', async () => {
    const kept = ports({ ...proposed, state: 'withdrawn', decidedBy: 'ada' });
    await expect(decideOverride(kept, by('bob'), 'o', 'approved')).rejects.toMatchObject({
      refusal: { code: 'conflict' },
    });
    await expect(decideOverride(kept, by('bob'), 'x', 'approved')).rejects.toMatchObject({
      refusal: { code: 'not_found' },
    });
  });
});
