import { describe, expect, it } from 'vitest';
import { Refused } from '../../core/errors.ts';
import { instant } from '../../core/time/instant.ts';
import type { VirtualKey } from '../ports/key-ring.ts';
import { type AskedTerms, keyTerms } from './key-terms.ts';

const now = instant(1_000);
const ada = { personId: 'ada' };
const grants = [{ grants: true }] as const;
const asked: AskedTerms = { holder: ada };
const parent: VirtualKey = {
  id: 'parent',
  name: 'parent',
  holder: ada,
  funding: [{ poolId: 'work' }, { grants: true }],
  models: ['claude-opus-5', 'gpt-5.6'],
  createdAt: instant(0),
  expiresAt: instant(2_000),
};

/** The pointer of what a refusal is about. */
function refusedAt(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof Refused) return error.refusal.problems?.[0]?.pointer;
  }
  return undefined;
}

describe('a key', () => {
  it('draws on the holder’s own where nothing is said', () =>
    expect(keyTerms(asked, undefined, grants, now)).toEqual({ holder: ada, funding: grants }));

  it('of a service does not draw on grants', () =>
    expect(refusedAt(() => keyTerms({ holder: { serviceId: 'ci' }, funding: grants }, undefined, [], now))).toBe(
      '/funding',
    ));

  it('does not draw on one source twice', () => {
    const twice = { ...asked, funding: [{ poolId: 'a' }, { poolId: 'a' }] };
    expect(refusedAt(() => keyTerms(twice, undefined, grants, now))).toBe('/funding');
  });

  it('may be at its end already', () => {
    const ended = { ...asked, end: { pointer: '/expiresOn', at: instant(500) } };
    expect(keyTerms(ended, undefined, grants, now)).toMatchObject({ expiresAt: 500 });
  });
});

describe('a child key', () => {
  it('has from its parent what it does not say', () =>
    expect(keyTerms(asked, parent, grants, now)).toEqual({
      holder: ada,
      funding: parent.funding,
      models: parent.models,
      expiresAt: parent.expiresAt,
    }));

  it('may have less', () => {
    const less = { ...asked, models: ['gpt-5.6'], funding: grants, end: { pointer: '/expiresOn', at: instant(1_500) } };
    expect(keyTerms(less, parent, grants, now)).toMatchObject({ models: ['gpt-5.6'], expiresAt: 1_500 });
  });

  it.each<[string, AskedTerms, VirtualKey]>([
    ['/parentKeyId', { holder: { personId: 'bob' } }, parent],
    ['/parentKeyId', asked, { ...parent, revokedAt: now }],
    ['/parentKeyId', asked, { ...parent, expiresAt: now }],
    ['/parentKeyId', asked, { ...parent, parentKeyId: 'grandparent' }],
    ['/limits/models', { ...asked, models: ['gpt-5.6', 'claude-haiku-4-5'] }, parent],
    ['/limits/expiresOn', { ...asked, end: { pointer: '/limits/expiresOn', at: instant(2_001) } }, parent],
    ['/funding', { ...asked, funding: [{ poolId: 'other' }] }, parent],
  ])('is refused at %s', (pointer, terms, of) =>
    expect(refusedAt(() => keyTerms(terms, of, grants, now))).toBe(pointer),
  );
});
