import type { z } from 'zod';
import { problem } from '../contract/problem.ts';
import { CommandFailure, EXIT } from './exit.ts';

type Query = Readonly<Record<string, string | number | undefined>>;

interface PageSchema<Item> {
  parse(document: unknown): { items: Item[]; nextCursor: string | null };
}

/** Most answers take milliseconds; re-adding a ledger of years may take minutes. */
const PATIENCE_MS = 30_000;
const LONG_PATIENCE_MS = 15 * 60_000;

/** The API as the commands use it: answers are read by the contract's schemas, every other end is a CommandFailure. */
export class Api {
  readonly server: string;
  readonly #key: string;
  readonly #idempotencyKey: string | undefined;

  constructor(server: string, key: string, idempotencyKey?: string) {
    this.server = server;
    this.#key = key;
    this.#idempotencyKey = idempotencyKey;
  }

  async get<T>(
    answer: z.ZodType<T>,
    path: string,
    query: Query = {},
    patience: 'short' | 'long' = 'short',
  ): Promise<T> {
    return this.#ask(answer, 'GET', path + written(query), undefined, patience);
  }

  async post<T>(answer: z.ZodType<T>, path: string, body: unknown): Promise<T> {
    return this.#ask(answer, 'POST', path, body);
  }

  async patch<T>(answer: z.ZodType<T>, path: string, body: unknown): Promise<T> {
    return this.#ask(answer, 'PATCH', path, body);
  }

  async delete<T>(answer: z.ZodType<T>, path: string): Promise<T> {
    return this.#ask(answer, 'DELETE', path, undefined);
  }

  /** At most `most` items of a list, and the cursor of the rest, walking its pages. */
  async list<Item>(page: PageSchema<Item>, path: string, query: Query, most: number): Promise<ListDocument<Item>> {
    const items: Item[] = [];
    let cursor: string | null | undefined;
    do {
      const limit = Math.min(most - items.length, 200);
      const text = await this.#send('GET', path + written({ ...query, limit, cursor: cursor ?? undefined }));
      const read = this.#read(text, (document) => page.parse(document));
      items.push(...read.items);
      cursor = read.nextCursor;
    } while (cursor !== null && items.length < most);
    return { items, nextCursor: cursor };
  }

  async #ask<T>(answer: z.ZodType<T>, method: string, path: string, body: unknown, patience?: 'short' | 'long') {
    const text = await this.#send(method, path, body, patience);
    return this.#read(text, (document) => answer.parse(document));
  }

  #read<T>(text: string, parse: (document: unknown) => T): T {
    try {
      return parse(JSON.parse(text));
    } catch (cause) {
      throw new CommandFailure(EXIT.unknown, `What answers at ${this.server} does not speak Stipend’s API.`, { cause });
    }
  }

  async #send(method: string, path: string, body?: unknown, patience: 'short' | 'long' = 'short'): Promise<string> {
    const headers = new Headers({ accept: 'application/json', authorization: `Bearer ${this.#key}` });
    if (body !== undefined) headers.set('content-type', 'application/json');
    if (method === 'POST' && this.#idempotencyKey) headers.set('idempotency-key', this.#idempotencyKey);
    const response = await reach(`${this.server}/api/v1${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(patience === 'long' ? LONG_PATIENCE_MS : PATIENCE_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw refusalOf(this.server, response.status, response.text);
    return response.text;
  }
}

export interface ListDocument<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** One HTTP exchange, read whole. A server that cannot be reached is a CommandFailure with exit code 2. */
export async function reach(url: string, init: RequestInit) {
  try {
    // A redirect could carry the key to somebody else.
    const response = await fetch(url, { ...init, redirect: 'error' });
    return {
      ok: response.ok,
      status: response.status,
      headers: response.headers,
      text: await response.text(),
    };
  } catch (cause) {
    const { origin } = new URL(url);
    throw new CommandFailure(
      EXIT.unknown,
      `Stipend does not answer at ${origin} (${reasonOf(cause)}): start it with \`npm start\`, or name its address with --server or STIPEND_URL.`,
      { cause },
    );
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  if (error.name === 'TimeoutError') return 'timed out';
  const inner = error.cause instanceof Error ? error.cause : error;
  const code = 'code' in inner && typeof inner.code === 'string' ? inner.code : undefined;
  return { ECONNREFUSED: 'connection refused', ENOTFOUND: 'no such host' }[code ?? ''] ?? code ?? inner.message;
}

function refusalOf(server: string, status: number, text: string): CommandFailure {
  const read = problem.safeParse(jsonOr(text));
  if (!read.success) {
    return new CommandFailure(EXIT.unknown, `What answers at ${server} (HTTP ${status}) does not speak Stipend’s API.`);
  }
  const { detail, code, problems = [] } = read.data;
  // A single wrong field may be what the detail tells already.
  const untold = problems.filter(({ message }) => !detail.includes(message));
  const fields = untold.map(({ pointer, message }) => `${pointer.replace(/^\//, '')}: ${message}`).join('; ');
  const sentence = fields === '' ? detail : `${detail.replace(/[.:]?\s*$/, '')} – ${fields}`;
  return new CommandFailure(status >= 500 ? EXIT.unknown : EXIT.refused, sentence, { code });
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function written(query: Query): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? '' : `?${given}`;
}
