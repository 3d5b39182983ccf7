/**
 * Calls to the providers: one pool of connections per origin, the company's credential, and no retries, since a second
 * try is a second call and needs a hold of its own.
 */
import type { LookupFunction } from 'node:net';
import { Pool } from 'undici';
import type { ConfigurableUpstreams } from '../app/ports/credentials.ts';
import type { ProviderName, RunningCall, UpstreamCall, UpstreamHandler, Upstreams } from '../app/ports.ts';
import { baseUrlProblem } from '../core/network/base-url.ts';
import { Exchange } from './exchange.ts';
import { guardedConnector, openConnector } from './guarded-connect.ts';
import { providerPath } from './provider-path.ts';
import { requestHeaders, sandboxHeaders } from './request-headers.ts';

export interface ProviderSettings {
  /** OpenAI's includes `/v1`; the others are origins. A further path is kept. */
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** All in milliseconds. */
export interface UpstreamTimeouts {
  readonly connectMs: number;
  /** From the request's last byte to the answer's head. Models think for minutes before a plain answer. */
  readonly headMs: number;
  /** Between two pieces of the answer, while its reader is not full. */
  readonly idleMs: number;
}

export interface UpstreamsOptions {
  readonly providers: Readonly<Record<ProviderName, ProviderSettings | null>>;
  /** Where the sandbox listens: `http://127.0.0.1:41234`. */
  readonly sandboxOrigin: string;
  readonly allowPrivate: boolean;
  /** This installation, the same on every replica; see `wire/framing/hops.ts`. */
  readonly instance: string;
  readonly timeouts?: UpstreamTimeouts;
  /** Finds the addresses of names; the system's own when absent. */
  readonly resolve?: LookupFunction;
}

export const UPSTREAM_TIMEOUTS: UpstreamTimeouts = { connectMs: 10_000, headMs: 600_000, idleMs: 300_000 };

/** Where one provider's calls go. */
interface Destination {
  readonly name: ProviderName | 'sandbox';
  readonly origin: string;
  readonly basePath: string;
  /** Absent for the sandbox. */
  readonly apiKey?: string;
  readonly pool: Pool;
}

export class ProviderUpstreams implements Upstreams, ConfigurableUpstreams {
  readonly #options: UpstreamsOptions;
  readonly #timeouts: UpstreamTimeouts;
  readonly #sandbox: Pool;
  readonly #to: Record<ProviderName, Destination>;
  /** Pools of addresses that were replaced, until the last call on them has ended. */
  readonly #retiring = new Set<Pool>();

  /** Throws a RangeError when a base URL is not one that may be called. */
  constructor(options: UpstreamsOptions) {
    this.#options = options;
    this.#timeouts = options.timeouts ?? UPSTREAM_TIMEOUTS;
    this.#sandbox = this.#pool(options.sandboxOrigin, true);
    this.#to = {
      anthropic: this.#destination('anthropic', options.providers.anthropic),
      openai: this.#destination('openai', options.providers.openai),
      gemini: this.#destination('gemini', options.providers.gemini),
    };
  }

  /**
   * Replaces a provider's address and credential; `null` sends its calls to the sandbox. Calls on their way end where
   * they began. Throws a RangeError, changing nothing, when the base URL is not one that may be called.
   */
  configure(provider: ProviderName, settings: ProviderSettings | null): void {
    const before = this.#to[provider];
    const after = this.#destination(provider, settings, before);
    this.#to[provider] = after;
    if (before.pool !== after.pool && before.pool !== this.#sandbox) this.#retire(before.pool);
  }

  async route(provider: ProviderName) {
    const { name } = this.#to[provider];
    return { book: name === 'sandbox' ? ('test' as const) : ('live' as const), name };
  }

  start(call: UpstreamCall, handler: UpstreamHandler): RunningCall {
    const exchange = new Exchange(handler);
    const to = this.#to[call.provider];
    if (to.name !== call.destination) {
      return exchange.refuse(new Error(`calls to ${call.provider} go to ${to.name} now, not to ${call.destination}`));
    }
    const path = providerPath(call.provider, to.basePath, call.path);
    if (path === undefined) return exchange.refuse(new Error(`no path of a provider: ${call.path.slice(0, 200)}`));
    const headers =
      to.apiKey === undefined
        ? sandboxHeaders(call.headers)
        : requestHeaders(call.headers, call.provider, to.apiKey, this.#options.instance);
    return exchange.begin(to.pool, { method: call.method, path, headers, body: call.body ?? null });
  }

  /** Ends every call that still runs, and every connection. */
  async close(): Promise<void> {
    const pools = new Set([this.#sandbox, ...Object.values(this.#to).map(({ pool }) => pool), ...this.#retiring]);
    await Promise.all([...pools].map((pool) => pool.destroy()));
  }

  #retire(pool: Pool): void {
    this.#retiring.add(pool);
    const gone = () => this.#retiring.delete(pool);
    pool.close().then(gone, gone);
  }

  #destination(provider: ProviderName, settings: ProviderSettings | null, before?: Destination): Destination {
    return settings ? this.#providerDestination(provider, settings, before) : this.#sandboxDestination(provider);
  }

  #providerDestination(provider: ProviderName, settings: ProviderSettings, before?: Destination): Destination {
    const problem = baseUrlProblem(settings.baseUrl, this.#options.allowPrivate);
    if (problem !== undefined) throw new RangeError(`the base URL of ${provider} ${problem}`);
    const { origin, pathname } = new URL(settings.baseUrl);
    const kept = before?.name === provider && before.origin === origin ? before.pool : undefined;
    const pool = kept ?? this.#pool(origin, this.#options.allowPrivate);
    return { name: provider, origin, basePath: pathname, apiKey: settings.apiKey, pool };
  }

  #sandboxDestination(provider: ProviderName): Destination {
    const basePath = provider === 'openai' ? '/openai/v1' : `/${provider}`;
    return { name: 'sandbox', origin: this.#options.sandboxOrigin, basePath, pool: this.#sandbox };
  }

  #pool(origin: string, allowPrivate: boolean): Pool {
    const { connectMs, headMs, idleMs } = this.#timeouts;
    return new Pool(origin, {
      connect: allowPrivate ? openConnector(connectMs) : guardedConnector(connectMs, this.#options.resolve),
      headersTimeout: headMs,
      bodyTimeout: idleMs,
      allowH2: false,
    });
  }
}
