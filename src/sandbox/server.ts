/**
 * The built-in provider: an HTTP server on loopback that speaks every wire, so that the whole product can be tried with
 * no provider key. It checks no credential and holds no state but digests of cached prompts.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deliver } from './deliver.ts';
import { PromptCache } from './prompt-cache.ts';
import { refusal, replyTo } from './reply.ts';
import { type Route, routeOf } from './routes.ts';

export interface Sandbox {
  /** `http://127.0.0.1:<port>`; the providers' own paths lie under `/anthropic`, `/openai` and `/gemini`. */
  readonly origin: string;
  /** Stops listening and ends what still runs. */
  stop(): Promise<void>;
}

const BODY_BYTES_MOST = 32 * 1024 * 1024;

/** Starts a sandbox on a free port of loopback. */
export async function startSandbox(): Promise<Sandbox> {
  const cache = new PromptCache(Date.now);
  const server = createServer((request, response) => {
    answer(request, response, cache).catch((error: unknown) => {
      // Whoever asked has left, or hangs up on a reply that was cut on purpose.
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: async () => {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, cache: PromptCache): Promise<void> {
  const { method = '', url = '', headers } = request;
  if (method === 'HEAD') {
    response.end();
    return;
  }
  const route = routeOf(method, url, headers['anthropic-version'] !== undefined);
  const body = await bodyOf(request);
  await deliver(response, body ? replyTo(route, body, cache) : tooLarge(route));
}

function tooLarge(route: Route) {
  return refusal(route.provider, 413, 'The request is larger than 32 MiB.');
}

/** `undefined`: more than a provider takes. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size <= BODY_BYTES_MOST) chunks.push(chunk);
  }
  return size <= BODY_BYTES_MOST ? Buffer.concat(chunks) : undefined;
}
