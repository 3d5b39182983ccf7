/** Puts answers of ours on the socket. */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { WireAnswer } from '../wire/framing/wire.ts';

/** Headers that belong to one connection or one framing and never pass from the provider's answer to ours. */
const NOT_PASSED_ON = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive']);

/** The provider's answer headers as they go on, under our request id; the provider's own is kept beside it. */
export function passedHeaders(
  upstream: Readonly<Record<string, string | string[]>>,
  ours: Readonly<Record<string, string>>,
): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(upstream)) {
    if (name === 'x-request-id') headers['x-provider-request-id'] = value;
    else if (!NOT_PASSED_ON.has(name)) headers[name] = value;
  }
  return { ...headers, ...ours };
}

/** Sends a whole answer, unless the client has left. */
export function send(response: ServerResponse, answer: WireAnswer, requestId: string): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(answer.status, {
    ...answer.headers,
    'x-request-id': requestId,
    'content-length': answer.body.length,
  });
  response.end(answer.body);
}
