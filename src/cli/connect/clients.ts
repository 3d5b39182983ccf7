/**
 * How each client is pointed at Stipend: which of its own files, which settings in them. Read off the clients' own
 * documentation and measured with Claude Code 2.1, Codex 0.169, Gemini CLI 0.61 and opencode 1.18.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../session.ts';
import { readEnv, setEnv } from './env-text.ts';
import { readJson, setJson } from './json-text.ts';
import type { Setting } from './setting.ts';
import { readToml, setToml } from './toml-text.ts';

/** The Stipend server a client shall use, without a slash at its end, and the key it shall present. */
export interface Target {
  readonly server: string;
  readonly key: string;
}

export interface SettingsFile {
  /** The first that exists is the one to change; where none does the first is made. */
  readonly paths: readonly [string, ...string[]];
  readonly format: 'json' | 'toml' | 'env';
  readonly settings: readonly Setting[];
}

export interface Client {
  readonly name: string;
  readonly title: string;
  /** The program that people start. */
  readonly program: string;
  files(environment: Environment, target: Target): readonly SettingsFile[];
  /** Variables of the shell that would win over, or quarrel with, what the files say. */
  readonly quarrels: readonly string[];
  /** A first prompt that shows whether it works. */
  readonly firstPrompt: string;
  /** What a person should know, a sentence each. */
  readonly notes: readonly string[];
}

const claudeCode: Client = {
  name: 'claude-code',
  title: 'Claude Code',
  program: 'claude',
  files: (environment, { server, key }) => [
    {
      paths: [join(environment['CLAUDE_CONFIG_DIR'] ?? join(homeOf(environment), '.claude'), 'settings.json')],
      format: 'json',
      settings: [
        { path: ['env', 'ANTHROPIC_BASE_URL'], value: `${server}/anthropic` },
        { path: ['env', 'ANTHROPIC_AUTH_TOKEN'], value: key, secret: true },
      ],
    },
  ],
  quarrels: ['ANTHROPIC_API_KEY'],
  firstPrompt: "claude -p 'say hi'",
  notes: ['Remove ANTHROPIC_API_KEY and apiKeyHelper where you have them: two different keys in one call are refused.'],
};

const codex: Client = {
  name: 'codex',
  title: 'Codex CLI',
  program: 'codex',
  files: (environment, { server, key }) => {
    const folder = environment['CODEX_HOME'] ?? join(homeOf(environment), '.codex');
    const provider = (name: string, value: string): Setting => ({ path: ['model_providers', 'stipend', name], value });
    return [
      {
        paths: [join(folder, 'config.toml')],
        format: 'toml',
        settings: [
          { path: ['model_provider'], value: 'stipend' },
          provider('name', 'Stipend'),
          provider('base_url', `${server}/openai/v1`),
          provider('env_key', 'STIPEND_KEY'),
          provider('wire_api', 'responses'),
        ],
      },
      {
        paths: [join(folder, '.env')],
        format: 'env',
        settings: [{ path: ['STIPEND_KEY'], value: key, secret: true }],
      },
    ];
  },
  quarrels: [],
  firstPrompt: "codex exec --skip-git-repo-check 'say hi'",
  notes: ['Codex reads these files when it starts: restart one that is running.'],
};

const geminiCli: Client = {
  name: 'gemini-cli',
  title: 'Gemini CLI',
  program: 'gemini',
  files: (environment, { server, key }) => {
    const folder = join(environment['GEMINI_CLI_HOME'] ?? homeOf(environment), '.gemini');
    return [
      {
        paths: [join(folder, '.env')],
        format: 'env',
        settings: [
          { path: ['GOOGLE_GEMINI_BASE_URL'], value: `${server}/gemini` },
          { path: ['GEMINI_API_KEY'], value: key, secret: true },
        ],
      },
      {
        paths: [join(folder, 'settings.json')],
        format: 'json',
        settings: [{ path: ['security', 'auth', 'selectedType'], value: 'gemini-api-key' }],
      },
    ];
  },
  quarrels: ['GEMINI_API_KEY', 'GOOGLE_GEMINI_BASE_URL', 'GOOGLE_API_KEY', 'GOOGLE_GENAI_USE_VERTEXAI'],
  firstPrompt: "gemini --skip-trust -p 'say hi'",
  notes: [
    'In a folder that Gemini CLI does not trust, or that has a .env of its own, ~/.gemini/.env is not read: trust the folder, or export the two variables in your shell.',
  ],
};

const opencode: Client = {
  name: 'opencode',
  title: 'opencode',
  program: 'opencode',
  files: (environment, { server, key }) => {
    const folder = join(environment['XDG_CONFIG_HOME'] ?? join(homeOf(environment), '.config'), 'opencode');
    const provider = (name: string, baseUrl: string): Setting[] => [
      { path: ['provider', name, 'options', 'baseURL'], value: baseUrl },
      { path: ['provider', name, 'options', 'apiKey'], value: key, secret: true },
    ];
    return [
      {
        paths: [join(folder, 'opencode.json'), join(folder, 'opencode.jsonc')],
        format: 'json',
        settings: [
          ...provider('anthropic', `${server}/anthropic/v1`),
          ...provider('openai', `${server}/openai/v1`),
          ...provider('google', `${server}/gemini/v1beta`),
        ],
      },
    ];
  },
  quarrels: [],
  firstPrompt: "opencode run 'say hi'",
  notes: ['opencode reads a project’s own opencode.json after this file, so what that says wins.'],
};

export const CLIENTS: readonly Client[] = [claudeCode, codex, geminiCli, opencode];

/** A file's text with the settings made in it. Throws Uneditable, and then nothing is lost. */
export function edited(file: SettingsFile, text: string | undefined): string {
  const set = { json: setJson, toml: setToml, env: setEnv }[file.format];
  return set(text, file.settings);
}

/** What a file's text says for one of its settings; `undefined` where it says nothing. */
export function settingIn(file: SettingsFile, text: string, setting: Setting): unknown {
  if (file.format === 'env') return readEnv(text, setting.path.join('.'));
  return (file.format === 'json' ? readJson : readToml)(text, setting.path);
}

function homeOf(environment: Environment): string {
  return environment['HOME'] ?? homedir();
}
