/** A provider of the tests' own: a real HTTP server that answers when and how a test tells it to. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface UpstreamRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly response: ServerResponse;
}

export interface StagedUpstream {
  readonly origin: string;
  readonly requests: readonly UpstreamRequest[];
  /** Resolves when this many requests have arrived in all. */
  readonly arrived: (count: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts it on a free loopback port; `answer` is called with each request once its body was read. */
export async function startUpstream(answer: (request: UpstreamRequest) => void): Promise<StagedUpstream> {
  const requests: UpstreamRequest[] = [];
  let waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const seen = {
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
        response,
      };
      requests.push(seen);
      for (const each of waiting) if (requests.length >= each.count) each.resolve();
      waiting = waiting.filter((each) => requests.length < each.count);
      answer(seen);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    arrived: (count) =>
      requests.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A whole Anthropic answer with this usage. */
export function anthropicAnswer(model: string, usage: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model,
    content: [{ type: 'text', text: 'hello' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage,
  });
}
