import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAdmins } from '../../src/store/admins.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { ensureInstallation, InstallationMismatch } from '../../src/store/installation.ts';
import { allServers, type FreshDatabase, freshDatabase } from './fresh-database.ts';

const configured = 'a-configured-admin-key-of-32-characters';

describe.each(allServers())('an installation on $name', (server) => {
  let fresh: FreshDatabase;
  let database: Database;

  beforeEach(async () => {
    fresh = await freshDatabase(server);
    database = openDatabase({ connection: fresh.connection });
  });

  afterEach(async () => {
    await database.close();
    await fresh.drop();
  });

  it('begun by several processes at once is one, and one of them prints its admin key', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => ensureInstallation(database.pool)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(new Set(made.map(({ pepper }) => pepper.hash('check', 'x').toString('hex'))).size).toBe(1);
    const shown = made.flatMap(({ madeAdminKey }) => madeAdminKey ?? []);
    expect(shown).toHaveLength(1);
    const again = await ensureInstallation(database.pool);
    expect(again.madeAdminKey).toBeUndefined();
    expect(await openAdmins(database, again).holder(shown[0] ?? '')).toMatchObject({ name: 'operator' });
  });

  it('keeps no admin key in the clear', async () => {
    const { madeAdminKey = '' } = await ensureInstallation(database.pool);
    const { rows } = await database.pool.query<{ row: string }>('SELECT installation::text AS row FROM installation');
    expect(rows[0]?.row).not.toContain(Buffer.from(madeAdminKey).toString('hex'));
    expect(rows[0]?.row).not.toContain(madeAdminKey);
  });

  it('takes the configured admin key and no other', async () => {
    const installation = await ensureInstallation(database.pool, { adminKey: configured });
    const admins = openAdmins(database, installation);
    expect(installation.madeAdminKey).toBeUndefined();
    expect(await admins.holder(configured)).toBeDefined();
    expect(await admins.holder(`${configured}!`)).toBeUndefined();
    expect(await admins.holder('')).toBeUndefined();
  });

  it('whose configuration no longer brings an admin key is given one', async () => {
    await ensureInstallation(database.pool, { adminKey: configured });
    const after = await ensureInstallation(database.pool);
    expect(after.madeAdminKey).toMatch(/^stp_admin_/);
    expect(await openAdmins(database, after).holder(configured)).toBeUndefined();
  });

  it('does not keep a configured pepper, and refuses any other', async () => {
    const pepper = randomBytes(32);
    await ensureInstallation(database.pool, { pepper });
    const { rows } = await database.pool.query('SELECT pepper FROM installation');
    expect(rows).toEqual([{ pepper: null }]);
    await expect(ensureInstallation(database.pool)).rejects.toThrow(InstallationMismatch);
    await expect(ensureInstallation(database.pool, { pepper: randomBytes(32) })).rejects.toThrow(InstallationMismatch);
    await ensureInstallation(database.pool, { pepper });
  });

  it('knows further administrators until they are revoked', async () => {
    const admins = openAdmins(database, await ensureInstallation(database.pool));
    const id = '019abcde-0123-7456-89ab-0123456789ab';
    const { text } = await admins.add({ id, name: 'Grace' });
    expect(await admins.holder(text)).toMatchObject({ id, name: 'Grace' });
    const again = await admins.add({ id, name: 'Grace' });
    expect(await admins.holder(text)).toBeUndefined();
    await admins.revoke(id);
    expect(await admins.holder(again.text)).toBeUndefined();
  });
});
