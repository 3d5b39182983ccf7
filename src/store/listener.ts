/**
 * News from the other processes over PostgreSQL's LISTEN. What a process keeps in memory it may use only while this
 * connection is known to work: a heartbeat tells a connection that is dead but does not say so.
 */
import pg from 'pg';
import { sessionConfig } from './database.ts';

type Channel = 'stipend_keys' | 'stipend_credentials' | 'stipend_prices';

const CHANNELS: readonly Channel[] = ['stipend_keys', 'stipend_credentials', 'stipend_prices'];

const BEAT_EVERY_MS = 250;
/** News is at most this old, or memory is not used: less than the second in which a revocation must be seen. */
const SILENCE_MOST_MS = 800;
const RECONNECT_AFTER_MS = 250;

export interface Listener {
  /** Whether everything that was told up to `SILENCE_MOST_MS` ago has arrived. */
  isCurrent(): boolean;
  /** `heard` is called with each payload; `lost` when news may have been missed: forget everything, read again. */
  on(channel: Channel, heard: (payload: string) => void, lost: () => void): void;
  /** Resolves when the connection works. For tests and a start that wants to be warm. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** Listens with a connection of its own, and makes a new one for as long as it takes when it breaks. */
export function openListener(connection: string): Listener {
  return new PostgresListener(connection);
}

class PostgresListener implements Listener {
  readonly #connection: string;
  readonly #listeners = new Map<string, { heard: (payload: string) => void; lost: () => void }[]>();
  #client: pg.Client | undefined;
  #lastBeat = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #becameReady: () => void = () => undefined;
  readonly #ready: Promise<void>;

  constructor(connection: string) {
    this.#connection = connection;
    this.#ready = new Promise((resolve) => {
      this.#becameReady = resolve;
    });
    void this.#connect();
  }

  isCurrent(): boolean {
    return performance.now() - this.#lastBeat < SILENCE_MOST_MS;
  }

  on(channel: Channel, heard: (payload: string) => void, lost: () => void): void {
    const listeners = this.#listeners.get(channel) ?? [];
    listeners.push({ heard, lost });
    this.#listeners.set(channel, listeners);
  }

  ready(): Promise<void> {
    return this.#ready;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = undefined;
    this.#lastBeat = Number.NEGATIVE_INFINITY;
    await client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({ ...sessionConfig(this.#connection), query_timeout: SILENCE_MOST_MS });
    client.on('notification', ({ channel, payload }) => {
      for (const { heard } of this.#listeners.get(channel) ?? []) heard(payload ?? '');
    });
    client.on('error', () => this.#broken(client));
    client.on('end', () => this.#broken(client));
    this.#client = client;
    try {
      await client.connect();
      await client.query(CHANNELS.map((channel) => `LISTEN ${channel}`).join('; '));
    } catch {
      this.#broken(client);
      return;
    }
    if (this.#client !== client) return;
    // What was told before LISTEN took hold was not heard.
    this.#forgetAll();
    this.#lastBeat = performance.now();
    this.#becameReady();
    this.#timer = setTimeout(() => void this.#beat(client), BEAT_EVERY_MS);
  }

  /** The answer comes after every notification that was sent before it. */
  async #beat(client: pg.Client): Promise<void> {
    const asked = performance.now();
    try {
      await client.query('SELECT 1');
    } catch {
      this.#broken(client);
      return;
    }
    if (this.#client !== client) return;
    this.#lastBeat = asked;
    this.#timer = setTimeout(() => void this.#beat(client), BEAT_EVERY_MS);
  }

  #broken(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#lastBeat = Number.NEGATIVE_INFINITY;
    clearTimeout(this.#timer);
    this.#forgetAll();
    client.end().catch(() => undefined);
    if (!this.#closed) this.#timer = setTimeout(() => void this.#connect(), RECONNECT_AFTER_MS);
  }

  #forgetAll(): void {
    for (const listeners of this.#listeners.values()) for (const { lost } of listeners) lost();
  }
}
