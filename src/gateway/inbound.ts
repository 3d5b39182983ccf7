/**
 * The one HTTP server: its limits, what it says to bytes that are no request, and who answers which path.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Ids } from '../app/ports.ts';
import { REFUSALS, type RefusalCode } from '../core/errors.ts';
import type { GatewayHandler } from './gateway.ts';
import { splitTarget } from './route.ts';

/** All of a request's headers together; beyond, 431. By Node's count a thousand of the shortest are too many. */
const HEADER_BYTES_MOST = 16 * 1024;
const HEADERS_MS = 15_000;
/** A 32 MiB conversation over a slow line takes its time; a body that dribbles does not get for ever. */
const REQUEST_MS = 120_000;
/** Longer than the idle limits of common load balancers, so that they close first. */
const KEEP_ALIVE_MS = 75_000;

export interface InboundHandlers {
  readonly gateway: GatewayHandler;
  /** Paths beginning with one of these are not the gateway's; `/` stands for itself only. */
  readonly others: Readonly<Record<string, GatewayHandler>>;
  /** Names what is refused before anybody else could. */
  readonly ids: Ids;
}

interface BrokenRequest {
  readonly code: RefusalCode;
  readonly message: string;
}

const HEADERS_TOO_LARGE: BrokenRequest = {
  code: 'headers_too_large',
  message: 'The request’s headers are too large or too many.',
};
const NOT_HTTP: BrokenRequest = { code: 'invalid', message: 'This is no HTTP request that can be read.' };
const TOO_SLOW: BrokenRequest = { code: 'request_timeout', message: 'The request did not arrive in time.' };
const NOT_ONE_HOST: BrokenRequest = { code: 'invalid', message: 'The request must name its host, once.' };
const NO_WEBSOCKETS: BrokenRequest = {
  code: 'upgrade_refused',
  message: 'WebSockets are not spoken here; use plain requests.',
};

/** What is wrong with a broken request, by the parser's code for it. */
function whatIsBroken(code: string | undefined): BrokenRequest {
  if (code === 'HPE_HEADER_OVERFLOW') return HEADERS_TOO_LARGE;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? TOO_SLOW : NOT_HTTP;
}

/** What Node's parser lets pass, reading only the first of several. */
function whatIsAmiss({ headersDistinct, httpVersion }: IncomingMessage): BrokenRequest | undefined {
  const hosts = headersDistinct['host']?.length ?? 0;
  return hosts === 1 || (hosts === 0 && httpVersion === '1.0') ? undefined : NOT_ONE_HOST;
}

function refuseSocket(socket: Duplex, { code, message }: BrokenRequest, requestId: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { status } = REFUSALS[code];
  const body = JSON.stringify({ error: { message, type: 'invalid_request_error', code: null, param: null } });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `x-request-id: ${requestId}\r\nx-should-retry: false\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** The answers that have begun on a connection: bytes of another must not come between theirs. */
class BegunAnswers {
  readonly #on = new WeakMap<Duplex, Set<ServerResponse>>();

  follow(socket: Duplex, response: ServerResponse): void {
    const answers = this.#on.get(socket) ?? new Set();
    this.#on.set(socket, answers.add(response));
    response.on('close', () => answers.delete(response));
  }

  areOn(socket: Duplex): boolean {
    return [...(this.#on.get(socket) ?? [])].some((response) => response.headersSent);
  }
}

/** Makes the server; it listens when the caller says so. */
export function createInbound({ gateway, others, ids }: InboundHandlers): Server {
  const prefixes = Object.entries(others);
  const begun = new BegunAnswers();
  const dispatch = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean) => {
    const amiss = whatIsAmiss(request);
    if (amiss) {
      refuseSocket(request.socket, amiss, ids.fresh());
      return;
    }
    begun.follow(request.socket, response);
    const { path } = splitTarget(request.url ?? '');
    const other = prefixes.find(([prefix]) => path === prefix || (prefix !== '/' && path.startsWith(`${prefix}/`)));
    (other?.[1] ?? gateway)(request, response, expectsContinue);
  };
  const server = createServer({
    maxHeaderSize: HEADER_BYTES_MOST,
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Looked at above, where a refusal gets its words.
    requireHostHeader: false,
    insecureHTTPParser: false,
    noDelay: true,
    // Some clients offer HTTP/2 with every request, and take it when the offer is passed over.
    shouldUpgradeCallback: ({ headers }) => /\bwebsocket\b/i.test(headers.upgrade ?? ''),
  });
  server.on('request', (request, response) => dispatch(request, response, false));
  server.on('checkContinue', (request, response) => dispatch(request, response, true));
  server.on('checkExpectation', (request, response) => dispatch(request, response, false));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (begun.areOn(socket)) socket.destroy();
    else refuseSocket(socket, whatIsBroken(error.code), ids.fresh());
  });
  // 426 makes Codex fall back to plain requests at once.
  server.on('upgrade', (_request, socket) => refuseSocket(socket, NO_WEBSOCKETS, ids.fresh()));
  return server;
}
