/** The real command line clients, each as its own maker ships it, run headless against a Stipend. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const FOLDER = fileURLToPath(new URL('./tools/', import.meta.url));
const MODULES = join(FOLDER, 'node_modules');
/** A client that hangs is a failure with its output, not a test run that never ends. */
const CLIENT_MS_MOST = 150_000;

export interface CommandLineClient {
  readonly title: string;
  /** Its name after `stipend connect`. */
  readonly name: string;
  readonly program: string;
  readonly args: (prompt: string) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface ClientRun {
  readonly code: number | null;
  readonly output: string;
}

export interface Target {
  readonly url: string;
  readonly key: string;
}

export const CLIENTS: readonly CommandLineClient[] = [
  {
    title: 'Claude Code',
    name: 'claude-code',
    // Its launcher wants an install script; the native program beside it does not.
    program: join(MODULES, '@anthropic-ai', `claude-code-${process.platform}-${process.arch}`, 'claude'),
    args: (prompt) => ['-p', prompt],
    env: { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' },
  },
  {
    title: 'Codex CLI',
    name: 'codex',
    program: join(MODULES, '.bin', 'codex'),
    args: (prompt) => ['exec', '--skip-git-repo-check', prompt],
  },
  {
    title: 'Gemini CLI',
    name: 'gemini-cli',
    program: join(MODULES, '.bin', 'gemini'),
    // Left to choose, the client asks a small model first which one to take, and a prompt is two calls.
    args: (prompt) => ['--skip-trust', '-m', 'gemini-2.5-pro', '-p', prompt],
  },
];

/** Installs the pinned clients where they are missing: some 850 MB, which is why they are no dependency of the product. */
export function installTools(): void {
  if (existsSync(join(MODULES, '.package-lock.json'))) return;
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], { cwd: FOLDER, encoding: 'utf8' });
  if (npm.status !== 0) throw new Error(`the clients could not be installed:\n${npm.stdout}${npm.stderr}`);
}

/** Does one prompt with a client that `stipend connect` has set up in a home of its own, which is then removed. */
export async function ask(client: CommandLineClient, { url, key }: Target, prompt: string): Promise<ClientRun> {
  const home = await mkdtemp(join(tmpdir(), 'stipend-client-'));
  try {
    await Promise.all([mkdir(join(home, 'work')), mkdir(join(home, 'tmp'))]);
    const connect = [MAIN, 'connect', client.name, '--write'];
    const connected = await run(process.execPath, connect, home, { STIPEND_URL: url, STIPEND_KEY: key });
    if (connected.code !== 0) throw new Error(`${client.title} could not be set up:\n${connected.output}`);
    return await run(client.program, client.args(prompt), home, client.env);
  } finally {
    await rm(home, { recursive: true, maxRetries: 5 });
  }
}

/** Runs a program that knows of nothing but the home. */
function run(
  program: string,
  args: readonly string[],
  home: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ClientRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: join(home, 'work'),
      env: { PATH: process.env.PATH, HOME: home, TMPDIR: join(home, 'tmp'), TERM: 'dumb', NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own: two of the clients start themselves again as a child, which is to end with them.
      detached: true,
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const deadline = setTimeout(() => child.pid && process.kill(-child.pid, 'SIGKILL'), CLIENT_MS_MOST);
    child.on('error', (error) => {
      clearTimeout(deadline);
      reject(error);
    });
    child.on('close', (code) => {
      clearTimeout(deadline);
      resolve({ code, output });
    });
  });
}
