/** Carries a call that costs nothing (counting tokens): no hold, no meter, but the same key and the same error words. */
import type { ServerResponse } from 'node:http';
import type { UpstreamCall, UpstreamHandler, Upstreams } from '../app/ports.ts';
import { refused } from '../core/errors.ts';
import type { RefusalContext, Wire } from '../wire/framing/wire.ts';
import { passedHeaders, send } from './answer.ts';

const ANSWER_BYTES_MOST = 1024 * 1024;

/** Resolves when the answer has gone out. */
export function passFreeCall(
  upstreams: Upstreams,
  upstream: UpstreamCall,
  { wire, context, response }: { wire: Wire; context: RefusalContext; response: ServerResponse },
): Promise<void> {
  return new Promise((resolve) => {
    let status = 0;
    let headers: Readonly<Record<string, string | string[]>> = {};
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const refuse = (message: string) => {
      send(response, wire.refuse(refused('upstream_failed', message).refusal, context), context.requestId);
      resolve();
    };
    const handler: UpstreamHandler = {
      head(answered, answerHeaders) {
        status = answered;
        headers = answerHeaders;
      },
      data(chunk) {
        bytes += chunk.length;
        if (bytes > ANSWER_BYTES_MOST) running.abort();
        else chunks.push(chunk);
        return true;
      },
      ended() {
        if (status === 401 || status === 403) {
          refuse('The provider does not accept the company’s own credential. Your key is fine.');
          return;
        }
        if (!response.destroyed) {
          response.writeHead(status, {
            ...passedHeaders(headers, { 'x-request-id': context.requestId }),
            'content-length': Buffer.concat(chunks).length,
          });
          response.end(Buffer.concat(chunks));
        }
        resolve();
      },
      failed: () => refuse('The provider could not be reached, or broke the answer off.'),
    };
    const running = upstreams.start(upstream, handler);
  });
}
