/** The README's quick start, word for word: its shell blocks, and a person who types them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLIENT_PROGRAMS = ['claude', 'codex', 'gemini'];

/** The commands of the quick start in their order; the first is the one that runs until Ctrl-C. */
export function quickStart(): readonly string[] {
  const [, section = ''] = readFileSync(join(ROOT, 'README.md'), 'utf8').split(/^## Quick start$/m);
  const [text = ''] = section.split(/^## /m);
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
    .flatMap(([, block = '']) => block.split('\n'))
    .filter((line) => line !== '');
}

/** Whether a command is a provider's client rather than one of ours. */
export function isClient(command: string): boolean {
  return CLIENT_PROGRAMS.includes(command.split(' ')[0] ?? '');
}

/** A person at a terminal of their own, with nothing set but what the quick start makes them set. */
export class Newcomer {
  readonly #home: string;
  readonly #env: Record<string, string>;
  #seen = '';
  #server: ChildProcess | undefined;

  private constructor(home: string, programs: readonly string[]) {
    this.#home = home;
    this.#env = {
      PATH: [...programs, process.env.PATH ?? ''].join(delimiter),
      HOME: home,
      TMPDIR: join(home, 'tmp'),
      TERM: 'dumb',
      // What the machine of the test may need beyond a newcomer's: another port, and a folder that is thrown away.
      STIPEND_PORT: '0',
      STIPEND_DATA_DIR: join(home, 'data'),
    };
  }

  /** `programs` are folders to find the clients in. */
  static async arrive(programs: readonly string[] = []): Promise<Newcomer> {
    const home = await mkdtemp(join(tmpdir(), 'stipend-newcomer-'));
    await mkdir(join(home, 'tmp'));
    return new Newcomer(home, programs);
  }

  /** Types the command that keeps running; resolves with what it printed when it is ready. */
  async start(command: string): Promise<string> {
    // A process group of its own, as a terminal's foreground job has, so that Ctrl-C reaches all of it.
    const server = spawn('sh', ['-c', `exec ${command}`], { ...this.#shell(), detached: true });
    this.#server = server;
    let output = '';
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        if (/ready[\s\S]*^ +providers .*$/m.test(output)) resolve();
      };
      server.stdout.on('data', read);
      server.stderr.on('data', read);
      server.on('error', reject);
      server.on('exit', (code) => reject(new Error(`${command} ended with ${code} before it was ready:\n${output}`)));
    });
    this.#seen += output;
    // The port is any free one, and so the address has to be told to the other shell as the greeting says.
    const url = /export STIPEND_URL=(\S+)/.exec(output)?.[1];
    if (url === undefined) throw new Error(`the greeting does not say how commands find another port:\n${output}`);
    this.#env['STIPEND_URL'] = url;
    return output;
  }

  /** Types one command and waits for it; `the-…-that-was-printed` is replaced as the words beside it ask for. */
  async type(command: string): Promise<{ readonly code: number | null; readonly output: string }> {
    const words = this.#filledIn(command);
    const exported = /^export (\w+)=(\S+)$/.exec(words);
    if (exported) {
      this.#env[exported[1] ?? ''] = exported[2] ?? '';
      return { code: 0, output: '' };
    }
    const child = spawn('sh', ['-c', words], this.#shell());
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = await once(child, 'close');
    this.#seen += output;
    return { code, output };
  }

  /** Ctrl-C in the first terminal. Resolves with how the command there ended. */
  async interrupt(): Promise<number | NodeJS.Signals | null> {
    const server = this.#server;
    if (server?.pid === undefined) throw new Error('nothing was started');
    const ended = once(server, 'exit');
    if (server.exitCode === null && server.signalCode === null) process.kill(-server.pid, 'SIGINT');
    else return server.exitCode;
    const [code, signal] = await ended;
    return code ?? signal;
  }

  async leave(): Promise<void> {
    if (this.#server) await this.interrupt();
    await rm(this.#home, { recursive: true, force: true, maxRetries: 5 });
  }

  #shell() {
    return { cwd: ROOT, env: this.#env, stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] };
  }

  #filledIn(command: string): string {
    const admin = /stp_admin_\w+/.exec(this.#seen)?.[0] ?? '';
    const key = /stp_live_\w+/.exec(this.#seen)?.[0] ?? '';
    return command.replace('the-admin-key-that-was-printed', admin).replace('the-key-that-was-printed', key);
  }
}
