/**
 * Who holds a key: the gateway asks at every request. From memory where that is safe, from the database otherwise;
 * what is in memory is forgotten the moment any process changes a key, and not used while that news may be missing.
 */
import type pg from 'pg';
import type { Clock, KeyRecord, Keys } from '../app/ports.ts';
import { readKey } from '../core/keys/key-text.ts';
import { type Instant, instant } from '../core/time/instant.ts';
import type { Listener } from './listener.ts';
import { at, present } from './rows.ts';
import { type Pepper, sameHash } from './sealing.ts';
import { reaching } from './store-away.ts';

/** A key with the hashes of the texts that open it now. */
interface OpenedBy {
  readonly key: KeyRecord;
  readonly secrets: readonly { readonly hash: Buffer; readonly retiresAt?: Instant }[];
}

const REMEMBERED_MOST = 100_000;
/** An unknown id is asked for once in this time: somebody who guesses costs the database little. */
const UNKNOWN_FOR_MS = 5_000;
const UNKNOWN_MOST = 10_000;
const USES_WRITTEN_EVERY_MS = 15_000;

/** The gateway's view of the keys. `close` writes what is still to be written of their last use. */
export function openKeys(
  pool: pg.Pool,
  listener: Listener,
  pepper: Pepper,
  clock: Clock,
): Keys & { close(): Promise<void> } {
  return new RememberedKeys(pool, listener, pepper, clock);
}

class RememberedKeys implements Keys {
  readonly #pool: pg.Pool;
  readonly #listener: Listener;
  readonly #pepper: Pepper;
  readonly #clock: Clock;
  readonly #known = new Map<string, OpenedBy>();
  readonly #unknownUntil = new Map<string, number>();
  readonly #loading = new Map<string, Promise<OpenedBy | undefined>>();
  readonly #used = new Map<string, Instant>();
  readonly #writing: NodeJS.Timeout;

  constructor(pool: pg.Pool, listener: Listener, pepper: Pepper, clock: Clock) {
    this.#pool = pool;
    this.#listener = listener;
    this.#pepper = pepper;
    this.#clock = clock;
    listener.on(
      'stipend_keys',
      (id) => this.#forget(id),
      () => this.#forgetAll(),
    );
    this.#writing = setInterval(() => void this.#writeUses().catch(() => undefined), USES_WRITTEN_EVERY_MS).unref();
  }

  async holder(presented: string): Promise<KeyRecord | undefined> {
    const read = readKey(presented);
    if (read?.kind !== 'live') return undefined;
    const found = await this.#find(read.id);
    if (!found) return undefined;
    const now = this.#clock.now();
    const hash = this.#pepper.hash('virtual keys', presented);
    const opens = found.secrets.some(
      (secret) => sameHash(secret.hash, hash) && (secret.retiresAt === undefined || now < secret.retiresAt),
    );
    if (!opens) return undefined;
    this.#used.set(read.id, now);
    return found.key;
  }

  async close(): Promise<void> {
    clearInterval(this.#writing);
    await this.#writeUses();
  }

  #find(id: string): Promise<OpenedBy | undefined> | OpenedBy | undefined {
    if (!this.#listener.isCurrent()) return this.#load(id);
    const known = this.#known.get(id);
    if (known) return known;
    const unknownUntil = this.#unknownUntil.get(id);
    if (unknownUntil !== undefined && performance.now() < unknownUntil) return undefined;
    const running = this.#loading.get(id) ?? this.#loadAndRemember(id);
    return running;
  }

  #loadAndRemember(id: string): Promise<OpenedBy | undefined> {
    const loading = this.#load(id).then(
      (found) => {
        // Forgotten meanwhile: what was read may be from before the change, so it is used once and not kept.
        if (this.#loading.get(id) !== loading) return found;
        this.#loading.delete(id);
        if (found) remember(this.#known, id, found, REMEMBERED_MOST);
        else remember(this.#unknownUntil, id, performance.now() + UNKNOWN_FOR_MS, UNKNOWN_MOST);
        return found;
      },
      (error: unknown) => {
        if (this.#loading.get(id) === loading) this.#loading.delete(id);
        throw error;
      },
    );
    this.#loading.set(id, loading);
    return loading;
  }

  #load(id: string): Promise<OpenedBy | undefined> {
    return reaching(async () => {
      const { rows } = await this.#pool.query<HolderRow>({ name: 'key-holder', text: HOLDER_SQL, values: [id] });
      return rows[0] && openedBy(rows[0]);
    });
  }

  #forget(id: string): void {
    this.#known.delete(id);
    this.#unknownUntil.delete(id);
    this.#loading.delete(id);
  }

  #forgetAll(): void {
    this.#known.clear();
    this.#unknownUntil.clear();
    this.#loading.clear();
  }

  async #writeUses(): Promise<void> {
    if (this.#used.size === 0) return;
    const uses = [...this.#used];
    this.#used.clear();
    await this.#pool.query(
      `UPDATE virtual_key SET last_used_at = GREATEST(last_used_at, used.at)
       FROM unnest($1::uuid[], $2::timestamptz[]) AS used (id, at) WHERE virtual_key.id = used.id`,
      [uses.map(([id]) => id), uses.map(([, when]) => new Date(when))],
    );
  }
}

/** Keeps at most `most`: the oldest goes first. */
function remember<Value>(memory: Map<string, Value>, id: string, value: Value, most: number): void {
  memory.set(id, value);
  if (memory.size <= most) return;
  const [oldest] = memory.keys();
  if (oldest !== undefined) memory.delete(oldest);
}

/** A key whose holder is suspended is as good as revoked since then. */
const HOLDER_SQL = `
  SELECT k.id, k.name, k.parent_key_id, k.models, k.created_at, k.expires_at, k.last_used_at,
    CASE WHEN k.person_id IS NULL THEN 'service' ELSE 'person' END AS holder_kind,
    COALESCE(k.person_id, k.service_id) AS holder_id,
    LEAST(k.revoked_at, CASE WHEN COALESCE(p.status, s.status) = 'suspended'
                             THEN COALESCE(p.status_since, s.status_since) END) AS revoked_at,
    (SELECT array_agg(COALESCE(pool.live_account, p.live_account) ORDER BY f.place)
       FROM jsonb_array_elements(k.funding) WITH ORDINALITY AS f (source, place)
       LEFT JOIN pool ON pool.id = (f.source ->> 'poolId')::uuid) AS live_accounts,
    (SELECT array_agg(COALESCE(pool.test_account, p.test_account) ORDER BY f.place)
       FROM jsonb_array_elements(k.funding) WITH ORDINALITY AS f (source, place)
       LEFT JOIN pool ON pool.id = (f.source ->> 'poolId')::uuid) AS test_accounts,
    (SELECT json_agg(json_build_object('hash', encode(hash, 'hex'), 'retiresAtMs', extract(epoch FROM retires_at) * 1000))
       FROM key_secret WHERE key_id = k.id) AS secrets
  FROM virtual_key k
  LEFT JOIN person p ON p.id = k.person_id
  LEFT JOIN service s ON s.id = k.service_id
  WHERE k.id = $1`;

interface HolderRow {
  readonly id: string;
  readonly name: string;
  readonly parent_key_id: string | null;
  readonly models: string[] | null;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly last_used_at: Date | null;
  readonly revoked_at: Date | null;
  readonly holder_kind: 'person' | 'service';
  readonly holder_id: string;
  readonly live_accounts: string[];
  readonly test_accounts: string[];
  readonly secrets: { readonly hash: string; readonly retiresAtMs: number | null }[] | null;
}

function openedBy(row: HolderRow): OpenedBy {
  return {
    key: {
      id: row.id,
      name: row.name,
      principal: { kind: row.holder_kind, id: row.holder_id },
      funding: { live: row.live_accounts, test: row.test_accounts },
      createdAt: at(row.created_at),
      ...present({
        parentKeyId: row.parent_key_id,
        models: row.models,
        expiresAt: at(row.expires_at),
        revokedAt: at(row.revoked_at),
        lastUsedAt: at(row.last_used_at),
      }),
    },
    secrets: (row.secrets ?? []).map(({ hash, retiresAtMs }) => ({
      hash: Buffer.from(hash, 'hex'),
      ...(retiresAtMs === null ? {} : { retiresAt: instant(Math.trunc(retiresAtMs)) }),
    })),
  };
}
