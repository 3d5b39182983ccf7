import { describe, expect, it } from 'vitest';
import type { KeyRecord } from '../app/ports.ts';
import { instant } from '../core/time/instant.ts';
import { callerName, callerOf, maySee } from './caller.ts';

const ada: KeyRecord = {
  id: 'k',
  name: 'laptop',
  principal: { kind: 'person', id: 'ada' },
  funding: { live: [], test: [] },
  createdAt: instant(0),
};
const admin = { id: 'a', name: 'operator', createdAt: instant(0) };
const notAsked = () => Promise.reject(new Error('not asked for'));

function portsWith(key: KeyRecord = ada) {
  return {
    admins: {
      holder: async (text: string) => (text === 'root' ? admin : undefined),
      list: notAsked,
      add: notAsked,
      revoke: notAsked,
    },
    keys: { holder: async (text: string) => (text === 'adas' ? key : undefined) },
    clock: { now: () => instant(1_000) },
  };
}

describe('who asks', () => {
  it.each(['Bearer root', 'bearer  root '])('is an administrator with %j', async (authorization) =>
    expect(await callerOf(portsWith(), authorization)).toEqual({ kind: 'admin', admin }),
  );

  it('is the holder of a key', async () =>
    expect(await callerOf(portsWith(), 'Bearer adas')).toEqual({ kind: 'holder', key: ada }));

  it.each([undefined, '', 'root', 'Basic root', 'Bearer', 'Bearer a b', 'Bearer nobody', "Bearer ' OR 1=1--"])(
    'is nobody with %j',
    async (authorization) =>
      expect(callerOf(portsWith(), authorization)).rejects.toMatchObject({ refusal: { code: 'key_unknown' } }),
  );

  it.each([{ revokedAt: instant(1_000) }, { expiresAt: instant(1_000) }])(
    'is refused with a key at its end: %j',
    (end) =>
      expect(callerOf(portsWith({ ...ada, ...end }), 'Bearer adas')).rejects.toMatchObject({
        refusal: { code: 'key_revoked' },
      }),
  );

  it('sees itself only, unless it is an administrator', () => {
    const holder = { kind: 'holder', key: ada } as const;
    expect(maySee(holder, 'person', 'ada')).toBe(true);
    expect(maySee(holder, 'person', 'bob')).toBe(false);
    expect(maySee(holder, 'service', 'ada')).toBe(false);
    expect(maySee({ kind: 'admin', admin }, 'person', 'bob')).toBe(true);
    expect(callerName(holder)).not.toBe(callerName({ kind: 'admin', admin: { ...admin, id: 'k' } }));
  });
});
