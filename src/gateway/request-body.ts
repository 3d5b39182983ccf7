/** Reads a request's body whole, under a limit that is kept before anything is buffered beyond it. */
import type { IncomingMessage } from 'node:http';
import { refused } from '../core/errors.ts';

/** Claude Code and agents send whole conversations with images; the providers' own limits are about this. */
const BODY_BYTES_MOST = 32 * 1024 * 1024;

/** Nobody is there any more to be answered. */
export class ClientLeft extends Error {
  constructor() {
    super('the client left before its request was read');
    this.name = 'ClientLeft';
  }
}

function tooLarge() {
  return refused('too_large', 'The request is larger than 32 MiB, the most that is taken here.');
}

/** Throws `Refused(wrong_type)` unless the body is announced as plain JSON, which is what gets priced. */
export function requireJson(headers: IncomingMessage['headers']): void {
  const type = headers['content-type'] ?? '';
  if (!/^application\/json *(;|$)/i.test(type)) {
    throw refused('wrong_type', 'Send the request as content-type application/json.');
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw refused('wrong_type', `Send the request uncompressed; ${encoding.slice(0, 40)} is not read here.`);
  }
}

/** The body's bytes. Rejects with `Refused(too_large)`, or with `ClientLeft`. */
export function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > BODY_BYTES_MOST) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > BODY_BYTES_MOST) {
        chunks.length = 0;
        reject(tooLarge());
        return;
      }
      chunks.push(chunk);
    });
    request.on('end', () => {
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
      // The request outlives its body for as long as the answer comes.
      chunks.length = 0;
    });
    request.on('error', () => reject(new ClientLeft()));
    request.on('close', () => reject(new ClientLeft()));
  });
}
