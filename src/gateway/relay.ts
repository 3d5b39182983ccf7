/**
 * Carries one metered answer from the provider to the client: passes the bytes as they come, meters them on the way,
 * and closes the call before the client sees its end, so that the balance is true when the answer is.
 */
import type { ServerResponse } from 'node:http';
import { type CallEnding, closingOperation, costOf, knownSoFar, UNUSED } from '../app/calls/close-call.ts';
import type { OpenCall } from '../app/calls/open-call.ts';
import type { RunningCalls } from '../app/calls/running-calls.ts';
import type { RunningCall, UpstreamCall, UpstreamFailure, UpstreamHandler, Upstreams } from '../app/ports.ts';
import { type Refusal, refused } from '../core/errors.ts';
import { formatDollars } from '../core/money/amount.ts';
import type { Meter, RefusalContext, Wire, WireRequest } from '../wire/framing/wire.ts';
import { passedHeaders, send } from './answer.ts';

/** A larger answer goes out as it comes, without its cost in the headers. */
const HELD_BACK_BYTES_MOST = 8 * 1024 * 1024;
/** A provider's error longer than this is cut: it is for reading. */
const ERROR_BYTES_MOST = 1024 * 1024;
/** When the client has left a stream, how long the provider may take to its usage report before it is stopped. */
const DRAIN_MS = 800;
/** A client that takes nothing for this long has left. */
const STALLED_READER_MS = 60_000;
/** How long an answer waits for its charge to be booked. Beyond, it goes out and the charge is booked when it can be. */
const CLOSE_WAIT_MS = 5_000;

export interface RelayedCall {
  readonly open: OpenCall;
  readonly wire: Wire;
  readonly request: WireRequest;
  readonly context: RefusalContext;
  readonly upstream: UpstreamCall;
  readonly response: ServerResponse;
}

/** `streaming`: bytes go on at once. `held-back`: a JSON answer waits for its cost. `error`: the provider said no. */
type Mode = 'streaming' | 'held-back' | 'error';

export class Relay implements UpstreamHandler {
  readonly #call: RelayedCall;
  readonly #running: RunningCalls;
  readonly #done = Promise.withResolvers<CallEnding['kind']>();
  #upstream: RunningCall | undefined;
  #meter: Meter | undefined;
  #mode: Mode = 'held-back';
  #status = 0;
  #headers: Readonly<Record<string, string | string[]>> = {};
  /** Bytes that wait: all of a held-back answer, or a stream's last ones while its charge is booked. */
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #closing: Promise<Record<string, string>> | undefined;
  #ending: CallEnding['kind'] = 'unused';
  #clientGone = false;
  #drainTimer: NodeJS.Timeout | undefined;
  #stallTimer: NodeJS.Timeout | undefined;

  constructor(call: RelayedCall, running: RunningCalls) {
    this.#call = call;
    this.#running = running;
  }

  /** Resolves with how the call ended, when the answer has gone out and the call is closed. */
  run(upstreams: Upstreams): Promise<CallEnding['kind']> {
    const { open, response, upstream } = this.#call;
    this.#running.began(open, () => knownSoFar(open, this.#delivered(), this.#meter?.metered()));
    response.on('close', () => this.#clientLeft());
    response.on('drain', () => this.#readerCaughtUp());
    this.#upstream = upstreams.start(upstream, this);
    if (response.destroyed) this.#clientLeft();
    return this.#done.promise;
  }

  head(status: number, headers: Readonly<Record<string, string | string[]>>): void {
    this.#status = status;
    this.#headers = headers;
    if (status < 200 || status > 299) {
      this.#mode = 'error';
      return;
    }
    const { wire, request } = this.#call;
    const sse = String(headers['content-type'] ?? '').startsWith('text/event-stream');
    this.#meter = wire.meter(request, sse);
    if (request.stream) this.#beginStreaming();
  }

  data(chunk: Uint8Array): boolean {
    if (this.#mode === 'error') {
      if (this.#waitingBytes < ERROR_BYTES_MOST) this.#wait(chunk);
      return true;
    }
    if (!this.#meter) return true;
    const out = this.#meter.push(chunk);
    if (this.#mode === 'streaming' && !this.#closing && this.#meter.state === 'complete') void this.#close('complete');
    if (this.#mode === 'streaming' && !this.#closing) return this.#write(out);
    this.#wait(out);
    if (this.#mode === 'held-back' && this.#waitingBytes > HELD_BACK_BYTES_MOST) this.#beginStreaming();
    return true;
  }

  ended(): void {
    void this.#finish();
  }

  failed(failure: UpstreamFailure): void {
    if (this.#closing) {
      void this.#finish();
      return;
    }
    void this.#breakOff(failure);
  }

  async #finish(): Promise<void> {
    try {
      if (this.#mode === 'error') await this.#passError();
      else await this.#passEnd();
    } catch (error) {
      this.#call.response.destroy();
      this.#done.reject(error);
    } finally {
      this.#over();
    }
  }

  async #passError(): Promise<void> {
    await this.#close('unused');
    const { response, context, wire } = this.#call;
    if (this.#status === 401 || this.#status === 403) {
      const why = refused(
        'upstream_failed',
        'The provider does not accept the company’s own credential. Whoever runs Stipend must mend it; your key is fine.',
      );
      send(response, wire.refuse(why.refusal, context), context.requestId);
      return;
    }
    if (this.#status < 400) {
      send(
        response,
        wire.refuse(refused('upstream_failed', 'The provider answered with a redirect.').refusal, context),
        context.requestId,
      );
      return;
    }
    this.#sendWhole({});
  }

  async #passEnd(): Promise<void> {
    const meter = this.#meter;
    if (meter) this.#wait(meter.end());
    const complete = meter?.state === 'complete';
    const failed = meter?.state === 'failed';
    const booked = await this.#close(complete ? 'complete' : failed ? 'failed' : 'cut');
    if (this.#mode === 'held-back') {
      this.#sendWhole(booked);
      return;
    }
    for (const chunk of this.#waiting) this.#write(chunk);
    if (!complete && !failed) this.#write(this.#brokenOff('The provider’s answer stopped before its end.'));
    this.#call.response.end();
  }

  /** The provider could not be reached, or broke off: told in the wire's words, and never as a finished answer. */
  async #breakOff(failure: UpstreamFailure): Promise<void> {
    try {
      const tail = this.#meter?.end();
      const stopped = failure.kind === 'aborted' && this.#clientGone;
      const unused = !failure.sent || this.#mode === 'error';
      await this.#close(stopped ? 'cancelled' : unused ? 'unused' : 'cut');
      const { response, context, wire } = this.#call;
      const refusal = failureRefusal(failure);
      if (response.headersSent) {
        if (tail) this.#write(tail);
        this.#write(wire.breakStream(refusal, context));
        response.end();
      } else {
        send(response, wire.refuse(refusal, context), context.requestId);
      }
    } catch (error) {
      this.#call.response.destroy();
      this.#done.reject(error);
    } finally {
      this.#over();
    }
  }

  #brokenOff(message: string): Uint8Array {
    return this.#call.wire.breakStream(refused('upstream_failed', message).refusal, this.#call.context);
  }

  /** Books the call's end once, and gives the headers that tell it. Resolves after a bound even if the store does not. */
  #close(kind: CallEnding['kind']): Promise<Record<string, string>> {
    if (!this.#closing) {
      this.#ending = kind;
      this.#closing = this.#book(kind);
    }
    return this.#closing;
  }

  async #book(kind: CallEnding['kind']): Promise<Record<string, string>> {
    const metered = this.#meter?.metered();
    const ending = kind === 'unused' ? UNUSED : { kind, delivered: this.#delivered(), ...(metered ? { metered } : {}) };
    const operation = closingOperation(this.#call.open, ending);
    const bound = Promise.withResolvers<void>();
    const timer = setTimeout(bound.resolve, CLOSE_WAIT_MS);
    const outcome = await Promise.race([this.#running.closed(operation), bound.promise]);
    clearTimeout(timer);
    if (!outcome?.ok) return {};
    return {
      'x-stipend-cost': formatDollars(costOf(operation)),
      'x-stipend-available': formatDollars(outcome.available),
    };
  }

  #delivered() {
    return this.#meter?.delivered ?? UNUSED.delivered;
  }

  #ownHeaders(): Record<string, string> {
    const { open, context } = this.#call;
    const lowered = open.loweredOutputLimit;
    return {
      'x-request-id': context.requestId,
      ...(lowered === undefined ? {} : { 'x-stipend-output-limit': String(lowered) }),
    };
  }

  #beginStreaming(): void {
    this.#mode = 'streaming';
    const { response } = this.#call;
    if (this.#clientGone) {
      this.#stopSoon();
    } else {
      response.writeHead(this.#status, passedHeaders(this.#headers, this.#ownHeaders()));
      response.flushHeaders();
    }
    const early = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const chunk of early) this.#write(chunk);
  }

  #sendWhole(booked: Record<string, string>): void {
    const { response } = this.#call;
    if (this.#clientGone) return;
    const headers = passedHeaders(this.#headers, { ...this.#ownHeaders(), ...booked });
    response.writeHead(this.#status, { ...headers, 'content-length': this.#waitingBytes });
    for (const chunk of this.#waiting) response.write(chunk);
    response.end();
  }

  #wait(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
  }

  #write(chunk: Uint8Array): boolean {
    if (chunk.length === 0 || this.#clientGone) return true;
    if (this.#call.response.write(chunk)) return true;
    this.#stallTimer ??= setTimeout(() => this.#call.response.destroy(), STALLED_READER_MS);
    return false;
  }

  #readerCaughtUp(): void {
    clearTimeout(this.#stallTimer);
    this.#stallTimer = undefined;
    this.#upstream?.resume();
  }

  #clientLeft(): void {
    if (this.#call.response.writableFinished || this.#clientGone) return;
    this.#clientGone = true;
    this.#readerCaughtUp();
    if (this.#mode === 'streaming') this.#stopSoon();
  }

  /** Nobody reads the stream any more: the provider gets a moment to report its usage, then it is told to stop. */
  #stopSoon(): void {
    this.#drainTimer ??= setTimeout(() => this.#upstream?.abort(), DRAIN_MS);
  }

  #over(): void {
    clearTimeout(this.#drainTimer);
    clearTimeout(this.#stallTimer);
    this.#done.resolve(this.#ending);
  }
}

function failureRefusal(failure: UpstreamFailure): Refusal {
  switch (failure.kind) {
    case 'timeout':
      return refused('upstream_timeout', 'The provider took too long to answer.').refusal;
    case 'blocked':
      return refused('upstream_failed', 'The provider’s address is not one that Stipend may call.').refusal;
    case 'connect':
      return refused('upstream_failed', 'The provider could not be reached.').refusal;
    default:
      return refused('upstream_failed', 'The provider broke the answer off.').refusal;
  }
}
