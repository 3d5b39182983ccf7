/** Carries a call that costs nothing (counting tokens): no hold, no meter, but the same key and the same error words. */
import type { ServerResponse } from 'node:http';
import type { UpstreamCall, UpstreamHandler, Upstreams } from '../app/ports.ts';
import { type Refusal, refused } from '../core/errors.ts';
import type { RefusalContext, Wire } from '../wire/framing/wire.ts';
import { passedHeaders, send } from './answer.ts';
import { refusalOfFailure, refusalOfStatus } from './provider-no.ts';

const ANSWER_BYTES_MOST = 1024 * 1024;

/** Resolves when the answer has gone out, or the client has left. */
export function passFreeCall(
  upstreams: Upstreams,
  upstream: UpstreamCall,
  { wire, context, response }: { wire: Wire; context: RefusalContext; response: ServerResponse },
): Promise<void> {
  return new Promise((resolve) => {
    let status = 0;
    let headers: Readonly<Record<string, string | string[]>> = {};
    let tooLarge: Refusal | undefined;
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const refuse = (refusal: Refusal) => {
      send(response, wire.refuse(refusal, context), context.requestId);
      resolve();
    };
    const handler: UpstreamHandler = {
      head(answered, answerHeaders) {
        status = answered;
        headers = answerHeaders;
      },
      data(chunk) {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > ANSWER_BYTES_MOST) {
          tooLarge = refused('upstream_failed', 'The provider’s answer is too large for what was asked.').refusal;
          running.abort();
        }
        return true;
      },
      ended() {
        const refusal = refusalOfStatus(status);
        if (refusal) return refuse(refusal);
        if (!response.destroyed) {
          const own = { 'x-request-id': context.requestId, 'content-length': String(bytes) };
          response.writeHead(status, passedHeaders(headers, own));
          response.end(Buffer.concat(chunks));
        }
        resolve();
      },
      failed: (failure) => refuse(tooLarge ?? refusalOfFailure(failure)),
    };
    const running = upstreams.start(upstream, handler);
    response.on('close', () => running.abort());
  });
}
