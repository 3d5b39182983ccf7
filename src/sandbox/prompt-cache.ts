/**
 * Which part of a prompt is read from a cache and which is written to it: by breakpoints as Anthropic does, or by
 * itself as OpenAI and Gemini do. Remembers digests of prefixes, never text.
 */
import { createHash } from 'node:crypto';
import type { TokenUsage } from '../core/pricing/usage.ts';
import type { Segment } from './prompt.ts';

export type InputUsage = Pick<TokenUsage, 'input' | 'cacheRead' | 'cacheWrite5m' | 'cacheWrite1h'>;

/** `marked`: by the request's breakpoints. `automatic`: any prefix; `writes` are told by some models only. */
export type Caching = { readonly kind: 'marked' } | { readonly kind: 'automatic'; readonly writes: boolean };

/** Shorter prefixes are not cached. */
const PREFIX_TOKENS_LEAST = 1024;
/** Automatic caches work in steps of so many tokens. */
const STEP_TOKENS = 128;
const LIFE_MS = { '5m': 300_000, '1h': 3_600_000 } as const;
const PREFIXES_MOST = 20_000;

interface Prefix {
  readonly digest: string;
  readonly tokens: number;
  readonly cache?: '5m' | '1h';
}

export class PromptCache {
  readonly #now: () => number;
  /** When each prefix is forgotten, oldest use first. */
  readonly #until = new Map<string, number>();

  /** `now` gives milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Books one prompt's input, and remembers its prefixes for the next. `scope`: what shares no cache with others. */
  use(scope: string, segments: readonly Segment[], caching: Caching): InputUsage {
    const prefixes = prefixesOf(scope, segments);
    return caching.kind === 'marked' ? this.#marked(prefixes) : this.#automatic(prefixes, caching.writes);
  }

  #marked(prefixes: readonly Prefix[]): InputUsage {
    const total = prefixes.at(-1)?.tokens ?? 0;
    const marks = prefixes.filter(({ cache, tokens }) => cache !== undefined && tokens >= PREFIX_TOKENS_LEAST);
    const read = marks.findLast(({ digest }) => this.#remembers(digest))?.tokens ?? 0;
    const usage = { input: 0, cacheRead: read, cacheWrite5m: 0, cacheWrite1h: 0 };
    let reached = read;
    for (const { digest, tokens, cache = '5m' } of marks) {
      this.#remember(digest, LIFE_MS[cache]);
      if (tokens <= reached) continue;
      usage[cache === '1h' ? 'cacheWrite1h' : 'cacheWrite5m'] += tokens - reached;
      reached = tokens;
    }
    return { ...usage, input: total - reached };
  }

  #automatic(prefixes: readonly Prefix[], writes: boolean): InputUsage {
    const total = prefixes.at(-1)?.tokens ?? 0;
    const long = prefixes.filter(({ tokens }) => tokens >= PREFIX_TOKENS_LEAST);
    const known = long.findLast(({ digest }) => this.#remembers(digest))?.tokens ?? 0;
    const cacheRead = inSteps(Math.min(known, total - 1));
    for (const { digest } of long) this.#remember(digest, LIFE_MS['5m']);
    const cacheWrite5m = writes && long.length > 0 ? Math.max(0, inSteps(total - 1) - cacheRead) : 0;
    return { input: total - cacheRead - cacheWrite5m, cacheRead, cacheWrite5m, cacheWrite1h: 0 };
  }

  #remembers(digest: string): boolean {
    return (this.#until.get(digest) ?? 0) > this.#now();
  }

  #remember(digest: string, lifeMs: number): void {
    this.#until.delete(digest);
    this.#until.set(digest, this.#now() + lifeMs);
    const [oldest] = this.#until.keys();
    if (this.#until.size > PREFIXES_MOST && oldest !== undefined) this.#until.delete(oldest);
  }
}

function inSteps(tokens: number): number {
  return Math.max(0, Math.floor(tokens / STEP_TOKENS) * STEP_TOKENS);
}

function prefixesOf(scope: string, segments: readonly Segment[]): readonly Prefix[] {
  let digest = scope;
  let tokens = 0;
  return segments.map((segment) => {
    digest = createHash('sha256').update(digest).update('\0').update(segment.text).digest('base64');
    tokens += segment.tokens;
    return segment.cache === undefined ? { digest, tokens } : { digest, tokens, cache: segment.cache };
  });
}
