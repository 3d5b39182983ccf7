import { describe, expect, it } from 'vitest';
import { instant } from '../../core/time/instant.ts';
import type { KeyRecord, Keys } from '../ports.ts';
import { authorise, requireModel } from './authorise.ts';

const key: KeyRecord = {
  id: 'k1',
  name: 'laptop',
  principal: { kind: 'person', id: 'p1' },
  funding: { live: ['a'], test: ['b'] },
  createdAt: instant(0),
};
const keysWith = (record?: KeyRecord): Keys => ({ holder: async () => record });
const now = instant(1_000);

describe('a presented key', () => {
  it('is its holder’s', async () => {
    expect(await authorise(keysWith(key), 'stp_live_x', now)).toBe(key);
  });

  it.each([
    ['unknown', undefined, 'key_unknown'],
    ['revoked', { ...key, revokedAt: instant(1_000) }, 'key_revoked'],
    ['expired', { ...key, expiresAt: instant(1_000) }, 'key_revoked'],
  ])('is refused when %s', async (_, record, code) => {
    await expect(authorise(keysWith(record), 'stp_live_x', now)).rejects.toMatchObject({ refusal: { code } });
  });

  it('is refused when none was sent, without a look-up', async () => {
    const keys: Keys = {
      holder: () => {
        throw new Error('looked up');
      },
    };
    await expect(authorise(keys, undefined, now)).rejects.toMatchObject({ refusal: { code: 'key_unknown' } });
  });

  it('may use the models it lists, by their exact name', () => {
    const limited = { ...key, models: ['gpt-5'] };
    expect(() => requireModel(limited, 'gpt-5')).not.toThrow();
    expect(() => requireModel(limited, 'gpt-5-mini')).toThrow(/may not use/);
    expect(() => requireModel(key, 'anything')).not.toThrow();
  });
});
