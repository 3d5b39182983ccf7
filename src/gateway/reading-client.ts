/** The client's end of an answer that is streamed: whether anybody is there, and how fast the bytes are taken. */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** A client that takes nothing for this long has left. */
const STALLED_MS = 60_000;

export interface ReadingClientEvents {
  /** What it was given has been taken; it can be given more. */
  caughtUp(): void;
  /** It is gone, before it was given all. Told once. */
  left(): void;
}

export class ReadingClient {
  readonly #response: ServerResponse;
  readonly #events: ReadingClientEvents;
  #gone = false;
  #stallTimer: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse, events: ReadingClientEvents) {
    this.#response = response;
    this.#events = events;
    response.on('close', () => this.#closed());
    response.on('drain', () => this.#caughtUp());
  }

  get gone(): boolean {
    return this.#gone || this.#response.destroyed;
  }

  /** Sends the head, at once. */
  begin(status: number, headers: OutgoingHttpHeaders): void {
    if (this.gone) return;
    this.#response.writeHead(status, headers);
    this.#response.flushHeaders();
  }

  /** `false`: no more until `caughtUp`. What is written for somebody who is gone is dropped. */
  write(chunk: Uint8Array): boolean {
    if (chunk.length === 0 || this.gone) return true;
    if (this.#response.write(chunk)) return true;
    this.#stallTimer ??= setTimeout(() => this.#response.destroy(), STALLED_MS);
    return false;
  }

  end(): void {
    this.#response.end();
  }

  /** Ends without an end, so that nobody takes what was sent for a whole answer. */
  tear(): void {
    this.#response.destroy();
  }

  #caughtUp(): void {
    clearTimeout(this.#stallTimer);
    this.#stallTimer = undefined;
    this.#events.caughtUp();
  }

  #closed(): void {
    this.#caughtUp();
    if (this.#gone || this.#response.writableFinished) return;
    this.#gone = true;
    this.#events.left();
  }
}
