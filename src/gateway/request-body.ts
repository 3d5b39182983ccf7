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

/**
 * The body's bytes. Rejects with `Refused(too_large)`, or with `ClientLeft`. The request outlives its body for as long
 * as the answer comes, so nothing that holds the bytes is left hanging on it.
 */
export function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > BODY_BYTES_MOST) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size > BODY_BYTES_MOST) letGo(() => reject(tooLarge()));
      else chunks.push(chunk);
    };
    const end = () => letGo(() => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    const left = () => letGo(() => reject(new ClientLeft()));
    const letGo = (settle: () => void) => {
      request.off('data', take).off('end', end).off('error', left).off('close', left);
      settle();
    };
    request.on('data', take).on('end', end).on('error', left).on('close', left);
  });
}
