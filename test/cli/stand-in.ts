/** A server that answers like Stipend's API from a table, and a command line run in this process against it. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Readable, Writable } from 'node:stream';
import { runCli } from '../../src/cli/run.ts';

export interface Asked {
  readonly line: string;
  readonly authorization: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly body: unknown;
}

export interface Answer {
  readonly status?: number;
  readonly body: unknown;
  readonly contentType?: string;
  /** Where else to look, with a status of 3xx. */
  readonly location?: string;
}

/** Answers by `METHOD /path` without the query; what is not in the table is a 404 in the API's own form. */
export class StandIn {
  readonly asked: Asked[] = [];
  readonly answers = new Map<string, Answer | ((asked: Asked) => Answer)>();
  url = '';
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const asked = await read(request);
      this.asked.push(asked);
      const [route = ''] = asked.line.split('?');
      const found = this.answers.get(route) ?? {
        status: 404,
        body: problem(404, 'not_found', 'There is no such thing.'),
      };
      const {
        status = 200,
        body,
        contentType = 'application/json',
        location,
      } = typeof found === 'function' ? found(asked) : found;
      response
        .writeHead(status, { 'content-type': contentType, ...(location && { location }) })
        .end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (address !== null && typeof address === 'object') this.url = `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export function problem(status: number, code: string, detail: string, problems?: readonly object[]): object {
  return { type: 'about:blank', title: code, status, code, detail, requestId: 'req_1', ...(problems && { problems }) };
}

export function page(...items: readonly object[]): Answer {
  return { body: { items, nextCursor: null } };
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly terminal?: boolean;
  readonly cwd?: string;
}

/** Runs one command line; on a `terminal`, standard input is one that a person types at. */
export async function run(
  argv: readonly string[],
  { env = {}, input = '', terminal = false, cwd = '/' }: RunOptions = {},
): Promise<Ran> {
  const stdout = new Screen();
  const stderr = new Screen();
  const stdin = Object.assign(Readable.from([input]), { isTTY: terminal });
  const code = await runCli(argv, env, { stdout, stderr, stdin, cwd });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

class Screen extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return {
    line: `${request.method} ${request.url}`,
    authorization: request.headers.authorization,
    idempotencyKey: request.headers['idempotency-key']?.toString(),
    body: text === '' ? undefined : JSON.parse(text),
  };
}
