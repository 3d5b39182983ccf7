/** The real command line clients, each as its own maker ships it, run headless against a Stipend. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('./tools/', import.meta.url));
const MODULES = join(FOLDER, 'node_modules');
/** A client that hangs is a failure with its output, not a test run that never ends. */
const CLIENT_MS_MOST = 150_000;

export interface ClientRun {
  readonly code: number | null;
  readonly output: string;
}

export interface Target {
  readonly url: string;
  readonly key: string;
}

/** Installs the pinned clients where they are missing: some 850 MB, which is why they are no dependency of the product. */
export function installTools(): void {
  if (existsSync(join(MODULES, '.package-lock.json'))) return;
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], { cwd: FOLDER, encoding: 'utf8' });
  if (npm.status !== 0) throw new Error(`the clients could not be installed:\n${npm.stdout}${npm.stderr}`);
}

/** Claude Code's launcher wants an install script; the native program beside it does not. */
const claudeCode = () => join(MODULES, '@anthropic-ai', `claude-code-${process.platform}-${process.arch}`, 'claude');

async function freshHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'stipend-client-'));
  await mkdir(join(home, 'work'));
  return home;
}

function run(
  program: string,
  args: readonly string[],
  home: string,
  env: Readonly<Record<string, string>>,
): Promise<ClientRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: join(home, 'work'),
      env: { PATH: process.env.PATH, HOME: home, TERM: 'dumb', NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const deadline = setTimeout(() => child.kill('SIGKILL'), CLIENT_MS_MOST);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(deadline);
      resolve({ code, output });
    });
  });
}

/** `claude -p`, pointed as docs/guides/claude-code.md says. */
export async function runClaudeCode({ url, key }: Target, prompt: string): Promise<ClientRun> {
  return run(claudeCode(), ['-p', prompt], await freshHome(), {
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_AUTH_TOKEN: key,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  });
}

/** `codex exec`, pointed as docs/guides/codex.md says. */
export async function runCodex({ url, key }: Target, prompt: string): Promise<ClientRun> {
  const home = await freshHome();
  await mkdir(join(home, '.codex'));
  await writeFile(
    join(home, '.codex', 'config.toml'),
    [
      'model = "gpt-5.4"',
      'model_provider = "stipend"',
      '[model_providers.stipend]',
      'name = "Stipend"',
      `base_url = "${url}/v1"`,
      'env_key = "STIPEND_KEY"',
      'wire_api = "responses"',
    ].join('\n'),
  );
  return run(join(MODULES, '.bin', 'codex'), ['exec', '--skip-git-repo-check', prompt], home, { STIPEND_KEY: key });
}

/**
 * `gemini -p`, pointed as docs/guides/gemini-cli.md says, with one model: left to choose, the client asks a small one
 * first which to take, and a prompt is two calls.
 */
export async function runGeminiCli({ url, key }: Target, prompt: string): Promise<ClientRun> {
  const home = await freshHome();
  await mkdir(join(home, '.gemini'));
  // With a base URL of its own the client would otherwise choose another way to sign in.
  const settings = { security: { auth: { selectedType: 'gemini-api-key' } } };
  await writeFile(join(home, '.gemini', 'settings.json'), JSON.stringify(settings));
  return run(join(MODULES, '.bin', 'gemini'), ['--skip-trust', '-m', 'gemini-2.5-pro', '-p', prompt], home, {
    GOOGLE_GEMINI_BASE_URL: url,
    GEMINI_API_KEY: key,
  });
}
