/**
 * The one HTTP server: its limits, what it says to bytes that are no request, and who answers which path.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GatewayHandler } from './gateway.ts';
import { splitTarget } from './route.ts';

/** All of a request's headers together; beyond, 431. */
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
}

/** The status a broken request gets, by the parser's code for what is wrong with it. */
function brokenRequestStatus(code: string | undefined): number {
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408;
  return 400;
}

function refuseSocket(socket: Duplex, status: number, message: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ error: { message, type: 'invalid_request_error', code: null, param: null } });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Makes the server; it listens when the caller says so. */
export function createInbound({ gateway, others }: InboundHandlers): Server {
  const prefixes = Object.entries(others);
  const dispatch = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean) => {
    const { path } = splitTarget(request.url ?? '');
    const other = prefixes.find(([prefix]) => path === prefix || (prefix !== '/' && path.startsWith(`${prefix}/`)));
    (other?.[1] ?? gateway)(request, response, expectsContinue);
  };
  const server = createServer({
    maxHeaderSize: HEADER_BYTES_MOST,
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requireHostHeader: true,
    insecureHTTPParser: false,
    noDelay: true,
  });
  server.on('request', (request, response) => dispatch(request, response, false));
  server.on('checkContinue', (request, response) => dispatch(request, response, true));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const status = brokenRequestStatus(error.code);
    refuseSocket(
      socket,
      status,
      status === 431 ? 'The headers are too large.' : 'This is no HTTP request that can be read.',
    );
  });
  // 426 makes Codex fall back to plain requests at once.
  server.on('upgrade', (_request, socket) =>
    refuseSocket(socket, 426, 'WebSockets are not spoken here; use plain requests.'),
  );
  return server;
}
