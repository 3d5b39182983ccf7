/** Puts a reply on the socket, at its pace and with its faults. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EarlyEnding, Faults } from './faults.ts';
import type { Reply } from './reply.ts';

/** Resolves when all has been said that will be, and rejects when the client leaves before. */
export async function deliver(response: ServerResponse, { status, headers, body, faults }: Reply): Promise<void> {
  const left = new AbortController();
  response.once('close', () => left.abort());
  if (faults.delayMs !== undefined) await sleep(faults.delayMs, undefined, { signal: left.signal });
  const { ending } = faults;
  if (ending?.afterEvents === 0 && (ending.kind === 'hang' || ending.kind === 'reset'))
    return endEarly(response, ending);
  response.writeHead(status, headers);
  if (faults.empty) {
    response.end();
    return;
  }
  if (typeof body === 'string') await deliverWhole(response, body, faults, left.signal);
  else await deliverEvents(response, body, faults, left.signal);
}

/** A whole body has one event; what ends it early ends it in the middle. */
async function deliverWhole(response: ServerResponse, body: string, faults: Faults, left: AbortSignal): Promise<void> {
  if (!faults.ending) {
    await write(response, body, faults, left);
    response.end();
    return;
  }
  await write(response, body.slice(0, body.length / 2), faults, left);
  endEarly(response, faults.ending);
}

async function deliverEvents(
  response: ServerResponse,
  { frames, error }: Exclude<Reply['body'], string>,
  faults: Faults,
  left: AbortSignal,
): Promise<void> {
  const { ending, tokensPerSecond } = faults;
  let events = 0;
  for (const { text, tokens } of frames) {
    if (ending?.afterEvents === events) {
      if (ending.kind === 'error') await write(response, error.text, faults, left);
      return endEarly(response, ending);
    }
    if (tokensPerSecond !== undefined && tokens > 0) {
      await sleep((tokens * 1000) / tokensPerSecond, undefined, { signal: left });
    }
    await write(response, text, faults, left);
    events += 1;
  }
  response.end();
}

function endEarly(response: ServerResponse, { kind }: EarlyEnding): void {
  switch (kind) {
    case 'reset':
      // What was said is on its way first; a reset would take it back from the socket's own buffer.
      if (response.headersSent) response.write('', () => response.socket?.resetAndDestroy());
      else response.socket?.resetAndDestroy();
      return;
    case 'hang':
      return;
    case 'cut':
    case 'error':
      response.end();
  }
}

async function write(response: ServerResponse, text: string, faults: Faults, left: AbortSignal): Promise<void> {
  left.throwIfAborted();
  const pieces = faults.halfUtf8 ? halvedLetters(Buffer.from(text)) : [text];
  for (const piece of pieces) {
    if (!response.write(piece)) await once(response, 'drain', { signal: left });
  }
}

/** Cuts bytes inside every letter of more than one. */
function halvedLetters(bytes: Buffer): readonly Buffer[] {
  const pieces: Buffer[] = [];
  let start = 0;
  for (const [at, byte] of bytes.entries()) {
    const follows = byte >> 6 === 0b10;
    const first = (bytes[at - 1] ?? 0) >> 6 === 0b11;
    if (!follows || !first) continue;
    pieces.push(bytes.subarray(start, at));
    start = at;
  }
  return [...pieces, bytes.subarray(start)];
}
