/** The company's credentials for the providers, sealed. */
import type pg from 'pg';
import type { Credentials, ProviderCredential } from '../app/ports/credentials.ts';
import type { ProviderName } from '../app/ports.ts';
import { at, present } from './rows.ts';
import type { Pepper } from './sealing.ts';
import { reaching } from './store-away.ts';

interface CredentialRow {
  readonly provider: ProviderName;
  readonly base_url: string | null;
  readonly sealed_key: Buffer;
  readonly changed_at: Date;
}

/** The credentials of this database; a change is told on `stipend_credentials`. */
export function openCredentials(pool: pg.Pool, pepper: Pepper): Credentials {
  const all = async (): Promise<readonly ProviderCredential[]> => {
    const { rows } = await pool.query<CredentialRow>('SELECT * FROM provider_credential ORDER BY provider');
    return rows.map((row) => ({
      provider: row.provider,
      apiKey: pepper.open('provider credentials', row.sealed_key, row.provider),
      ...present({ baseUrl: row.base_url }),
      changedAt: at(row.changed_at),
    }));
  };

  const put: Credentials['put'] = async ({ provider, apiKey, baseUrl }) => {
    await pool.query(
      `WITH told AS (SELECT pg_notify('stipend_credentials', $1))
       INSERT INTO provider_credential (provider, base_url, sealed_key) SELECT $1, $2, $3 FROM told
       ON CONFLICT (provider) DO UPDATE SET base_url = $2, sealed_key = $3, changed_at = now()`,
      [provider, baseUrl ?? null, pepper.seal('provider credentials', apiKey, provider)],
    );
  };

  const remove: Credentials['remove'] = async (provider) => {
    const removed = await pool.query(
      `WITH removed AS (DELETE FROM provider_credential WHERE provider = $1 RETURNING provider)
       SELECT pg_notify('stipend_credentials', provider) FROM removed`,
      [provider],
    );
    return removed.rowCount === 1;
  };

  return {
    all: () => reaching(all),
    put: (credential) => reaching(() => put(credential)),
    remove: (provider) => reaching(() => remove(provider)),
  };
}
