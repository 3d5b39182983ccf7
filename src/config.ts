/**
 * Environment and `stipend.yaml` → one frozen, validated object. Only main reads it and hands its parts down. Every
 * setting is told in docs/operating/configuration.md.
 */
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { baseUrlProblem } from './core/network/base-url.ts';

export interface Config {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Absolute. */
  readonly dataDir: string;
  /** Absent: the embedded database. */
  readonly databaseUrl?: string;
  /** Absent: made at the first start. */
  readonly adminKey?: string;
  /** Absent: made at the first start and kept in the database. */
  readonly pepper?: Uint8Array;
  readonly providers: Readonly<Record<'anthropic' | 'openai' | 'gemini', ProviderConfig>>;
  readonly allowPrivateProviders: boolean;
  /** The company's IANA time zone: a day begins and ends in it. */
  readonly zone: string;
  /** Whom a person is told to ask for more budget, as words in a sentence. */
  readonly whereToAsk: string;
}

export interface ProviderConfig {
  readonly baseUrl: string;
  /** Absent: the sandbox answers, unless a key is given through the API. */
  readonly apiKey?: string;
}

/** What the operator must change, one line for each setting; main prints it and exits with `exitCode`. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** EX_CONFIG of sysexits.h. */
  readonly exitCode = 78;
}

/**
 * Reads the configuration: what the environment says wins over `stipend.yaml` in `folder`, and both over the defaults.
 * Throws ConfigError, which names every setting that is unknown, of the wrong kind, or a secret that others can read.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>, folder: string): Config {
  const problems: string[] = [];
  const given = new Map([...fromFile(folder, problems), ...fromEnvironment(env, folder, problems)]);
  const parsed = settings.safeParse(Object.fromEntries([...given].map(([name, { text }]) => [name, text])));
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0]);
    problems.push(`${given.get(name)?.source ?? variable(name)} ${issue.message}`);
  }
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems.join('\n'));
  return toConfig(parsed.data, folder);
}

// ---------------------------------------------------------------- the settings

const SECRETS = ['database_url', 'admin_key', 'pepper', 'anthropic_api_key', 'openai_api_key', 'gemini_api_key'];
/** Of the command line client, which shares the prefix. */
const CLIENT_VARIABLES = ['STIPEND_URL', 'STIPEND_KEY', 'STIPEND_KEY_FILE'];
const SECRET_CHARACTERS_LEAST = 32;
/** A pepper of fewer different characters was typed, not made. */
const PEPPER_VARIETY_LEAST = 10;

const apiKey = z
  .string()
  .regex(/^[\x21-\x7e]+$/, 'must be printable characters without spaces')
  .optional();

const settings = z
  .object({
    host: z
      .string()
      .regex(/^[\w.:-]+$/, 'must be a host name or an address')
      .default('127.0.0.1'),
    port: z
      .string()
      .regex(/^\d{1,5}$/, 'must be a whole number from 0 to 65535')
      .transform(Number)
      .refine((port) => port <= 65_535, 'must be a whole number from 0 to 65535')
      .default(8787),
    data_dir: z.string().default('.stipend'),
    database_url: z
      .string()
      .refine(isPostgresUrl, 'must be a URL that begins with postgresql:// and names a database')
      .optional(),
    admin_key: z
      .string()
      .min(SECRET_CHARACTERS_LEAST, `must have at least ${SECRET_CHARACTERS_LEAST} characters`)
      .optional(),
    pepper: z
      .string()
      .min(SECRET_CHARACTERS_LEAST, {
        error: `must have at least ${SECRET_CHARACTERS_LEAST} characters`,
        abort: true,
      })
      .refine(
        (text) => new Set(text).size >= PEPPER_VARIETY_LEAST,
        'must be random: `openssl rand -base64 32` makes one',
      )
      .optional(),
    anthropic_base_url: z.string().default('https://api.anthropic.com'),
    anthropic_api_key: apiKey,
    openai_base_url: z.string().default('https://api.openai.com/v1'),
    openai_api_key: apiKey,
    gemini_base_url: z.string().default('https://generativelanguage.googleapis.com'),
    gemini_api_key: apiKey,
    allow_private_providers: z
      .enum(['0', '1'], 'must be 1 or 0')
      .default('0')
      .transform((text) => text === '1'),
    zone: z.string().refine(isZone, 'must be a time zone such as UTC or Europe/Amsterdam').default('UTC'),
    where_to_ask: z
      .string()
      .regex(/^\P{Cc}{1,200}$/u, 'must be one line of at most 200 characters')
      .default('your manager or the people team'),
  })
  .superRefine((all, context) => {
    for (const name of ['anthropic_base_url', 'openai_base_url', 'gemini_base_url'] as const) {
      const problem = baseUrlProblem(all[name], all.allow_private_providers);
      const remedy = problem?.includes('private') ? '; STIPEND_ALLOW_PRIVATE_PROVIDERS=1 allows that' : '';
      if (problem) context.addIssue({ code: 'custom', path: [name], message: `${problem}${remedy}` });
    }
  });

type Settings = z.output<typeof settings>;
const NAMES = Object.keys(settings.shape);

function toConfig(given: Settings, folder: string): Config {
  return Object.freeze({
    host: given.host,
    port: given.port,
    dataDir: resolve(folder, given.data_dir),
    ...(given.database_url === undefined ? {} : { databaseUrl: given.database_url }),
    ...(given.admin_key === undefined ? {} : { adminKey: given.admin_key }),
    ...(given.pepper === undefined ? {} : { pepper: new TextEncoder().encode(given.pepper) }),
    providers: Object.freeze({
      anthropic: provider(given.anthropic_base_url, given.anthropic_api_key),
      openai: provider(given.openai_base_url, given.openai_api_key),
      gemini: provider(given.gemini_base_url, given.gemini_api_key),
    }),
    allowPrivateProviders: given.allow_private_providers,
    zone: given.zone,
    whereToAsk: given.where_to_ask,
  });
}

function provider(baseUrl: string, key: string | undefined): ProviderConfig {
  return Object.freeze(key === undefined ? { baseUrl } : { baseUrl, apiKey: key });
}

function isZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\/[^/]*\/[^/?]+/.test(text);
}

// ---------------------------------------------------------------- where they come from

interface Given {
  readonly text: string;
  /** How a message names it. */
  readonly source: string;
}

const variable = (name: string) => `STIPEND_${name.toUpperCase()}`;

/** The part of the environment that is ours. An empty variable is an unset one, as in compose files. */
function fromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
  problems: string[],
): Map<string, Given> {
  const given = new Map<string, Given>();
  for (const [source, text] of Object.entries(env)) {
    if (!source.startsWith('STIPEND_') || CLIENT_VARIABLES.includes(source) || !text) continue;
    const name = source.slice('STIPEND_'.length);
    // In another case it is another variable, which nothing else would read.
    take(name === name.toUpperCase() ? name.toLowerCase() : source, { text, source }, folder, given, problems);
  }
  return given;
}

function fromFile(folder: string, problems: string[]): Map<string, Given> {
  const given = new Map<string, Given>();
  const path = join(folder, 'stipend.yaml');
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return given;
  let content: unknown;
  try {
    content = parseYaml(readFileSync(path, 'utf8')) ?? {};
  } catch (cause) {
    problems.push(`stipend.yaml cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
    return given;
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    problems.push('stipend.yaml must be a map of settings to values');
    return given;
  }
  const named = Object.entries(content).map(([written, value]) => ({ written, name: settingOf(written), value }));
  for (const { written, name, value } of named) {
    const source = `stipend.yaml: ${written}`;
    const text = plainText(name, value);
    if (text === undefined) problems.push(`${source} must be plain text${SECRETS.includes(name) ? ' in quotes' : ''}`);
    else take(name, { text, source }, folder, given, problems);
  }
  if (named.some(({ name }) => SECRETS.includes(name)) && isOpenToOthers(found.mode)) {
    problems.push(`stipend.yaml holds a secret and every user of this machine can read it: chmod 600 ${path}`);
  }
  return given;
}

/** A setting may be written in the file as it is in the environment, too: `STIPEND_PORT` for `port`. */
function settingOf(written: string): string {
  return /^STIPEND_[A-Z_]+$/.test(written) ? written.slice('STIPEND_'.length).toLowerCase() : written;
}

/** YAML reads `1` as a number and `true` as a boolean; of a secret that would lose digits, so those must be quoted. */
function plainText(name: string, value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (SECRETS.includes(name)) return undefined;
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'number' ? String(value) : undefined;
}

/** Takes one setting, from its file where it is named with `_file`. */
function take(name: string, value: Given, folder: string, given: Map<string, Given>, problems: string[]): void {
  const { source } = value;
  const plain = name.replace(/_file$/, '');
  const isFile = plain !== name && SECRETS.includes(plain);
  if (!isFile && !NAMES.includes(name)) {
    problems.push(`${source} is not a setting of Stipend; docs/operating/configuration.md lists them`);
  } else if (given.has(plain)) {
    problems.push(`${given.get(plain)?.source} and ${source} are both set: keep one`);
  } else if (isFile) {
    const secret = readSecret(resolve(folder, value.text), source, problems);
    if (secret !== undefined) given.set(plain, { text: secret, source });
  } else {
    given.set(name, value);
  }
}

function readSecret(path: string, source: string, problems: string[]): string | undefined {
  try {
    if (isOpenToOthers(statSync(path).mode)) {
      problems.push(`${source} names ${path}, which every user of this machine can read: chmod 600 ${path}`);
      return undefined;
    }
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    problems.push(`${source} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
    return undefined;
  }
}

function isOpenToOthers(mode: number): boolean {
  return (mode & 0o004) !== 0;
}
