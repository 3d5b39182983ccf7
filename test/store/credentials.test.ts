import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Credentials } from '../../src/app/ports/credentials.ts';
import { pointUpstreams } from '../../src/app/providers/point-upstreams.ts';
import { openCredentials } from '../../src/store/credentials.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { ensureInstallation } from '../../src/store/installation.ts';
import { type Listener, openListener } from '../../src/store/listener.ts';
import { allServers, type FreshDatabase, freshDatabase } from './fresh-database.ts';

const configured = {
  providers: {
    anthropic: { baseUrl: 'https://api.anthropic.com' },
    openai: { baseUrl: 'https://api.openai.com/v1', apiKey: 'sk-configured' },
    gemini: { baseUrl: 'https://generativelanguage.googleapis.com' },
  },
  allowPrivate: false,
};

describe.each(allServers())('credentials on $name', (server) => {
  let fresh: FreshDatabase;
  let database: Database;
  let credentials: Credentials;
  let elsewhere: Listener;

  beforeEach(async () => {
    fresh = await freshDatabase(server);
    database = openDatabase({ connection: fresh.connection });
    credentials = openCredentials(database.pool, (await ensureInstallation(database.pool)).pepper);
    elsewhere = openListener(fresh.connection);
    await elsewhere.ready();
  });

  afterEach(async () => {
    await elsewhere.close();
    await database.close();
    await fresh.drop();
  });

  /** Where another process sends calls once it has heard of the next change. */
  const pointedAfterNews = () =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const heard = () => {
        const pointed: Record<string, unknown> = {};
        const upstreams = {
          configure: (name: string, settings: unknown) => {
            pointed[name] = settings;
          },
        };
        pointUpstreams({ credentials, configured }, upstreams).then(() => resolve(pointed), reject);
      };
      elsewhere.on('stipend_credentials', heard, () => undefined);
    });

  it('kept or forgotten in one process point the calls of every other', async () => {
    const kept = pointedAfterNews();
    await credentials.put({ provider: 'anthropic', apiKey: 'sk-ant-1' });
    expect(await kept).toEqual({
      anthropic: { baseUrl: 'https://api.anthropic.com', apiKey: 'sk-ant-1' },
      openai: configured.providers.openai,
      gemini: null,
    });
    const forgotten = pointedAfterNews();
    expect(await credentials.remove('anthropic')).toBe(true);
    expect(await forgotten).toMatchObject({ anthropic: null });
    expect(await credentials.remove('anthropic')).toBe(false);
  });

  it('replace the one before, address and all', async () => {
    await credentials.put({ provider: 'openai', apiKey: 'sk-1', baseUrl: 'https://proxy.example/v1' });
    await credentials.put({ provider: 'openai', apiKey: 'sk-2' });
    expect(await credentials.all()).toEqual([{ provider: 'openai', apiKey: 'sk-2', changedAt: expect.any(Number) }]);
  });

  it('are sealed, each for its own provider', async () => {
    await credentials.put({ provider: 'openai', apiKey: 'sk-very-secret' });
    const { rows } = await database.pool.query<{ row: string }>(
      "SELECT provider_credential::text || encode(sealed_key, 'escape') AS row FROM provider_credential",
    );
    expect(rows[0]?.row).not.toContain('very-secret');
    await database.pool.query("UPDATE provider_credential SET provider = 'gemini'");
    await expect(credentials.all()).rejects.toThrow();
  });
});
