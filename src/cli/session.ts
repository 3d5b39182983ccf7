import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import type { Command } from 'commander';
import { Api } from './api-client.ts';
import { CommandFailure, EXIT } from './exit.ts';
import { wantsColour } from './output/paint.ts';
import { localZone } from './output/time.ts';

/** The variables of the shell that a command was started from. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a command reads and writes; a test hands in its own. */
export interface Io {
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** The folder that relative paths on the command line start from. */
  readonly cwd: string;
}

export const DEFAULT_SERVER = 'http://127.0.0.1:8787';

/** Whose key a command would rather use: `admin` changes things for others, `own` looks at oneself. */
export type Role = 'admin' | 'own';

interface GlobalOptions {
  readonly server?: string;
  readonly key?: string;
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly idempotencyKey?: string;
}

/** One command's run: its global options, the server it talks to, and the ways it may speak to the person. */
export class Session {
  readonly environment: Environment;
  readonly io: Io;
  readonly zone = localZone();
  readonly #options: GlobalOptions;

  constructor(command: Command, environment: Environment, io: Io) {
    this.environment = environment;
    this.io = io;
    this.#options = command.optsWithGlobals<GlobalOptions>();
  }

  get colour(): boolean {
    return wantsColour(this.io.stdout, this.environment);
  }

  get json(): boolean {
    return this.#options.json === true;
  }

  /** The server's address without a slash at its end. Throws a usage failure when it is no http address. */
  get server(): string {
    const given = this.#options.server ?? this.environment['STIPEND_URL'] ?? DEFAULT_SERVER;
    const url = URL.parse(given);
    if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) {
      throw new CommandFailure(
        EXIT.usage,
        `${JSON.stringify(given)} is not the address of a server, such as ${DEFAULT_SERVER}.`,
      );
    }
    return url.href.replace(/\/+$/, '');
  }

  /** The key to use, if any is given: `--key` first, then the environment, the role's own variable before the other. */
  key(role: Role): string | undefined {
    const names = role === 'admin' ? ['STIPEND_ADMIN_KEY', 'STIPEND_KEY'] : ['STIPEND_KEY', 'STIPEND_ADMIN_KEY'];
    const keys = [this.#options.key, ...names.map((name) => this.#secret(name))];
    return keys.find((key) => key !== undefined && key !== '');
  }

  /** The person's own virtual key, never an administrator's: what a client may be given. */
  virtualKey(): string | undefined {
    return this.#options.key ?? this.#secret('STIPEND_KEY');
  }

  api(role: Role): Api {
    const key = this.key(role);
    if (key === undefined) {
      throw new CommandFailure(
        EXIT.usage,
        role === 'admin'
          ? 'This needs the admin key, which `npm start` printed once, at its first start: pass it in STIPEND_ADMIN_KEY or with --key.'
          : 'This needs your key: pass it in STIPEND_KEY or with --key.',
      );
    }
    return new Api(this.server, key, this.#options.idempotencyKey);
  }

  /** Prints one JSON document when asked for, else what `human` says. */
  print(document: unknown, human: () => string): void {
    this.io.stdout.write(`${this.json ? JSON.stringify(document, undefined, 2) : human()}\n`);
  }

  /** Says something beside the answer, where a pipe does not see it. */
  note(text: string): void {
    this.io.stderr.write(`${text}\n`);
  }

  /** Goes on only after a yes: from `--yes`, or from the person at the terminal. */
  async confirm(question: string): Promise<void> {
    if (this.#options.yes) return;
    if (!this.io.stdin.isTTY) throw new CommandFailure(EXIT.usage, `${question} Say so with --yes.`);
    const prompt = createInterface({ input: this.io.stdin, output: this.io.stderr });
    const answer = await prompt.question(`${question} [y/N] `).finally(() => prompt.close());
    if (!/^y(es)?$/i.test(answer.trim())) throw new CommandFailure(EXIT.refused, 'Nothing was done.');
  }

  /** All of standard input, for a secret that should be neither in the process list nor in the shell's history. */
  async readInput(what: string): Promise<string> {
    if (this.io.stdin.isTTY) throw new CommandFailure(EXIT.usage, `Pass ${what} on standard input: … < file.`);
    const chunks: Buffer[] = [];
    for await (const chunk of this.io.stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString('utf8').trim();
  }

  #secret(name: string): string | undefined {
    const file = this.environment[`${name}_FILE`];
    if (this.environment[name] !== undefined || file === undefined) return this.environment[name];
    try {
      return readFileSync(file, 'utf8').trim();
    } catch (cause) {
      throw new CommandFailure(EXIT.usage, `${name}_FILE names ${file}, which cannot be read.`, { cause });
    }
  }
}
