/** One call on its way: undici's events as the calls of an `UpstreamHandler`, in order, and never after its end. */
import { type Dispatcher, errors } from 'undici';
import type { RunningCall, UpstreamFailure, UpstreamHandler } from '../app/ports.ts';
import { AddressBlocked } from './guarded-connect.ts';
import { responseHeaders } from './response-headers.ts';

/** What a failure is called by whoever asked for it. */
class CallAborted extends Error {
  constructor() {
    super('the call was aborted');
    this.name = 'CallAborted';
  }
}

export class Exchange implements Dispatcher.DispatchHandler, RunningCall {
  readonly #handler: UpstreamHandler;
  #controller: Dispatcher.DispatchController | undefined;
  #sent = false;
  #over = false;
  #starting = true;

  constructor(handler: UpstreamHandler) {
    this.#handler = handler;
  }

  /** Sends the request. Whatever fails at once is told after this has returned. */
  begin(through: Dispatcher, request: Dispatcher.DispatchOptions): this {
    try {
      through.dispatch(request, this);
    } catch (error) {
      this.#fail(error);
    }
    this.#starting = false;
    return this;
  }

  /** Ends a call that may not be sent. */
  refuse(why: Error): this {
    this.#fail(why, 'blocked');
    this.#starting = false;
    return this;
  }

  resume(): void {
    this.#controller?.resume();
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    const aborted = new CallAborted();
    this.#controller?.abort(aborted);
    queueMicrotask(() => this.#handler.failed({ kind: 'aborted', sent: this.#sent, cause: aborted }));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Aborted while it waited for a connection: nothing has been written, and nothing will be.
    if (this.#over) {
      controller.abort(new CallAborted());
      return;
    }
    this.#controller = controller;
    this.#sent = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (this.#over || status < 200) return;
    this.#handler.head(status, responseHeaders(headers));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#over) return;
    if (!this.#handler.data(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    if (this.#over) return;
    this.#over = true;
    this.#handler.ended();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #fail(cause: unknown, kind: UpstreamFailure['kind'] = kindOf(cause, this.#sent)): void {
    if (this.#over) return;
    this.#over = true;
    const failure = { kind, sent: this.#sent, cause };
    if (this.#starting) queueMicrotask(() => this.#handler.failed(failure));
    else this.#handler.failed(failure);
  }
}

function kindOf(cause: unknown, sent: boolean): UpstreamFailure['kind'] {
  if (cause instanceof AddressBlocked) return 'blocked';
  if (
    cause instanceof errors.ConnectTimeoutError ||
    cause instanceof errors.HeadersTimeoutError ||
    cause instanceof errors.BodyTimeoutError
  ) {
    return 'timeout';
  }
  return sent ? 'reset' : 'connect';
}
