import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Keys } from '../../src/app/ports.ts';
import { instant } from '../../src/core/time/instant.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { freshKey } from '../../src/store/fresh-key.ts';
import { ensureInstallation, type Installation } from '../../src/store/installation.ts';
import { openKeys } from '../../src/store/keys.ts';
import { type Listener, openListener } from '../../src/store/listener.ts';
import { openStores, type Stores } from '../../src/store/stores.ts';
import { allServers, type FreshDatabase, freshDatabase } from './fresh-database.ts';

const clock = { now: () => instant(Date.now()) };

function bound(listener: Listener): Omit<Listener, 'isCurrent'> {
  return {
    on: (channel, heard, lost) => listener.on(channel, heard, lost),
    ready: () => listener.ready(),
    close: () => listener.close(),
  };
}

/** One process of several over the same database: its own pool, its own listener, its own memory. */
interface Replica {
  readonly keys: Keys;
  readonly listener: Listener;
  readonly queries: () => number;
  readonly close: () => Promise<void>;
}

describe.each(allServers())('keys on $name', (server) => {
  let fresh: FreshDatabase;
  let database: Database;
  let installation: Installation;
  let stores: Stores;
  let personId: string;
  const replicas: Replica[] = [];

  beforeEach(async () => {
    fresh = await freshDatabase(server);
    database = openDatabase({ connection: fresh.connection });
    installation = await ensureInstallation(database.pool);
    stores = openStores(database, installation);
    personId = randomUUID();
    await addPerson(personId);
  });

  afterEach(async () => {
    await Promise.all(replicas.splice(0).map(({ close }) => close()));
    await database.close();
    await fresh.drop();
  });

  const addPerson = (id: string) =>
    stores.people.add({
      id,
      email: `${id}@example.com`,
      name: 'Ada',
      status: 'active',
      startDate: '2026-01-01',
      accounts: { live: `live ${id}`, test: `test ${id}` },
    });

  async function replica(trust: 'measured' | 'always' = 'measured'): Promise<Replica> {
    const { pool, close } = openDatabase({ connection: fresh.connection, connectionsMost: 2 });
    const listener = openListener(fresh.connection);
    // Where queries are counted, a machine that is busy for a second must not make more of them.
    const trusted = { ...bound(listener), isCurrent: () => trust === 'always' || listener.isCurrent() };
    const keys = openKeys(pool, trusted, installation.pepper, clock);
    const spy = vi.spyOn(pool, 'query');
    await listener.ready();
    const made = {
      keys,
      listener,
      queries: () => spy.mock.calls.length,
      close: async () => {
        await keys.close();
        await listener.close();
        await close();
      },
    };
    replicas.push(made);
    return made;
  }

  /** Resolves when the replica has heard of this key, after everything that was told before. */
  const heard = ({ listener }: Replica, id: string) =>
    new Promise<void>((resolve) => {
      const when = (told: string) => {
        if (told === id) resolve();
      };
      listener.on('stipend_keys', when, () => undefined);
    });

  async function makeKey(more: { id?: string; parentKeyId?: string } = {}) {
    const shown = await stores.keyRing.add({
      id: randomUUID(),
      name: 'laptop',
      holder: { personId },
      funding: [{ grants: true }],
      ...more,
    });
    if (!shown) throw new Error('the key was not made');
    return shown;
  }

  it('open with the text that was shown, and are not in the database in the clear', async () => {
    const { keys } = await replica();
    const { key, text } = await makeKey();
    expect(await keys.holder(text)).toMatchObject({
      id: key.id,
      principal: { kind: 'person', id: personId },
      funding: { live: [`live ${personId}`], test: [`test ${personId}`] },
    });
    const { rows } = await database.pool.query<{ row: string }>(
      'SELECT virtual_key::text || key_secret::text AS row FROM virtual_key JOIN key_secret ON key_id = id',
    );
    expect(rows[0]?.row).not.toContain(text.slice(40, 60));
  });

  it('pay from their sources in order', async () => {
    const { keys } = await replica();
    const poolId = randomUUID();
    await stores.pools.add({ id: poolId, name: 'work', accounts: { live: 'pool live', test: 'pool test' } });
    const shown = await stores.keyRing.add({
      id: randomUUID(),
      name: 'laptop',
      holder: { personId },
      funding: [{ poolId }, { grants: true }],
    });
    expect((await keys.holder(shown?.text ?? ''))?.funding).toEqual({
      live: ['pool live', `live ${personId}`],
      test: ['pool test', `test ${personId}`],
    });
  });

  it('are asked of the database once, and a guess or a typing error not at all', async () => {
    const one = await replica('always');
    const id = randomUUID();
    const told = heard(one, id);
    const { key, text } = await makeKey({ id });
    await told;
    await one.keys.holder(text);
    const after = one.queries();
    expect(await one.keys.holder(text)).toBeDefined();
    expect(await one.keys.holder(freshKey('live', key.id))).toBeUndefined();
    expect(await one.keys.holder(`${text.slice(0, -1)}!`)).toBeUndefined();
    expect(await one.keys.holder(`${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`)).toBeUndefined();
    expect(one.queries()).toBe(after);
  });

  it('that are unknown are asked for once, and known as soon as they are made', async () => {
    const one = await replica('always');
    const id = randomUUID();
    const guess = freshKey('live', id);
    expect(await one.keys.holder(guess)).toBeUndefined();
    const after = one.queries();
    expect(await one.keys.holder(guess)).toBeUndefined();
    expect(one.queries()).toBe(after);
    const told = heard(one, id);
    const made = await stores.keyRing.add({ id, name: 'k', holder: { personId }, funding: [{ grants: true }] });
    await told;
    expect(await one.keys.holder(made?.text ?? '')).toBeDefined();
  });

  it('revoked in one process end in every other, with their children', async () => {
    const [one, two] = [await replica(), await replica()];
    const parent = await makeKey();
    const child = await makeKey({ parentKeyId: parent.key.id });
    for (const { keys } of [one, two]) {
      expect((await keys.holder(parent.text))?.revokedAt).toBeUndefined();
      expect((await keys.holder(child.text))?.revokedAt).toBeUndefined();
    }
    const told = Promise.all([one, two].flatMap((each) => [heard(each, parent.key.id), heard(each, child.key.id)]));
    await stores.keyRing.revoke(parent.key.id);
    await told;
    for (const { keys } of [one, two]) {
      expect((await keys.holder(parent.text))?.revokedAt).toBeDefined();
      expect((await keys.holder(child.text))?.revokedAt).toBeDefined();
    }
    const orphan = { id: randomUUID(), name: 'late', holder: { personId }, funding: [{ grants: true } as const] };
    expect(await stores.keyRing.add({ ...orphan, parentKeyId: parent.key.id })).toBeUndefined();
  });

  it('of a person who is suspended end, and work again when the person is active again', async () => {
    const one = await replica();
    const { key, text } = await makeKey();
    await one.keys.holder(text);
    for (const [status, ended] of [
      ['suspended', true],
      ['active', false],
    ] as const) {
      const told = heard(one, key.id);
      await stores.people.change(personId, { status });
      await told;
      expect((await one.keys.holder(text))?.revokedAt !== undefined).toBe(ended);
    }
  });

  it('rotated open with both texts during the overlap, and with the new one only without', async () => {
    const { keys } = await replica();
    const { key, text } = await makeKey();
    const second = await stores.keyRing.rotate(key.id, 60_000);
    expect(await keys.holder(text)).toMatchObject({ id: key.id });
    expect(await keys.holder(second?.text ?? '')).toMatchObject({ id: key.id });
    const third = await stores.keyRing.rotate(key.id, 0);
    await vi.waitFor(async () => expect(await keys.holder(text)).toBeUndefined());
    expect(await keys.holder(second?.text ?? '')).toBeUndefined();
    expect(await keys.holder(third?.text ?? '')).toMatchObject({ id: key.id });
    await stores.keyRing.revoke(key.id);
    expect(await stores.keyRing.rotate(key.id, 0)).toBeUndefined();
  });

  it('are not served from memory while news may be missing', async () => {
    const one = await replica();
    const { text } = await makeKey();
    await one.keys.holder(text);
    await one.listener.close();
    const before = one.queries();
    expect(await one.keys.holder(text)).toBeDefined();
    expect(await one.keys.holder(text)).toBeDefined();
    expect(one.queries()).toBe(before + 2);
  });

  it('are read again after the listening connection was cut', async () => {
    const one = await replica();
    const { key, text } = await makeKey();
    await one.keys.holder(text);
    const lost = new Promise<void>((resolve) => one.listener.on('stipend_keys', () => undefined, resolve));
    await database.pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query IN ('SELECT 1', 'LISTEN stipend_keys; LISTEN stipend_credentials; LISTEN stipend_prices') AND pid <> pg_backend_pid()",
    );
    await lost;
    await database.pool.query('UPDATE virtual_key SET revoked_at = now() WHERE id = $1', [key.id]);
    expect((await one.keys.holder(text))?.revokedAt).toBeDefined();
    await vi.waitFor(() => expect(one.listener.isCurrent()).toBe(true), { timeout: 10_000 });
    expect((await one.keys.holder(text))?.revokedAt).toBeDefined();
  });

  it('remember when they were last used', async () => {
    const one = await replica();
    const { key, text } = await makeKey();
    await one.keys.holder(text);
    await Promise.all(replicas.splice(0).map(({ close }) => close()));
    expect((await stores.keyRing.find(key.id))?.lastUsedAt).toBeGreaterThan(0);
  });
});
