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
import { type Amount, formatDollars, ZERO } from '../core/money/amount.ts';
import type { Meter, RefusalContext, Wire, WireRequest } from '../wire/framing/wire.ts';
import { passedHeaders, send } from './answer.ts';
import { endsAsObject, refusalOfFailure, refusalOfForm, refusalOfStatus } from './provider-no.ts';
import { ReadingClient } from './reading-client.ts';

/** A larger answer goes out as it comes, without its cost in the headers. */
const HELD_BACK_BYTES_MOST = 8 * 1024 * 1024;
/** A provider's error longer than this is cut: it is for reading. */
const ERROR_BYTES_MOST = 1024 * 1024;
/** How long a provider may go on after nobody needs more of it: to report its usage, or to hang up. */
const DRAIN_MS = 800;
/** A provider that says nothing for this long after the end of its answer has ended it, though it does not hang up. */
const QUIET_MS = 25;
/** How long an answer waits for its charge to be booked. Beyond, it goes out and the charge is booked when it can be. */
const CLOSE_WAIT_MS = 5_000;

export interface RelayedCall {
  readonly open: OpenCall;
  readonly wire: Wire;
  readonly context: RefusalContext;
  readonly response: ServerResponse;
}

const STOPPED_SHORT = refused('upstream_failed', 'The provider’s answer stopped before its end.').refusal;
const NOTHING = new Uint8Array(0);

/** `streaming`: bytes go on at once. `held-back`: a JSON answer waits for its cost. `error`: the provider said no. */
type Mode = 'streaming' | 'held-back' | 'error';

export class Relay implements UpstreamHandler {
  readonly #call: RelayedCall;
  readonly #running: RunningCalls;
  readonly #client: ReadingClient;
  readonly #done = Promise.withResolvers<CallEnding['kind']>();
  /** Until the answer begins: the request's bytes are in it, and a stream may last an hour. */
  #request: WireRequest | undefined;
  #upstream: RunningCall | undefined;
  #meter: Meter | undefined;
  #mode: Mode = 'held-back';
  #status = 0;
  #headers: Readonly<Record<string, string | string[]>> = {};
  /** The answer is an event stream: its end can be told from its middle. */
  #events = false;
  /** Why the answer is not taken although the provider gave one. */
  #unfit: Refusal | undefined;
  /** Bytes that wait: all of a held-back answer, or a stream's last ones while its charge is booked. */
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #closing: Promise<Record<string, string>> | undefined;
  #booked = false;
  #ending: CallEnding['kind'] = 'unused';
  #over = false;
  #known: Amount = ZERO;
  #heardSinceKnown = true;
  #quietTimer: NodeJS.Timeout | undefined;
  #drainTimer: NodeJS.Timeout | undefined;

  constructor(call: RelayedCall, request: WireRequest, running: RunningCalls) {
    this.#call = call;
    this.#request = request;
    this.#running = running;
    this.#client = new ReadingClient(call.response, {
      caughtUp: () => this.#upstream?.resume(),
      left: () => this.#clientLeft(),
    });
  }

  /** Resolves with how the call ended, when the answer has gone out and the call is closed. */
  run(upstreams: Upstreams, upstream: UpstreamCall): Promise<CallEnding['kind']> {
    this.#running.began(this.#call.open, () => this.#knownSoFar());
    // Left while its hold was taken: nothing is sent that nobody waits for.
    if (this.#client.gone) void this.#finish(() => this.#close('unused'));
    else this.#upstream = upstreams.start(upstream, this);
    return this.#done.promise;
  }

  head(status: number, headers: Readonly<Record<string, string | string[]>>): void {
    this.#status = status;
    this.#headers = headers;
    const request = this.#request;
    this.#request = undefined;
    if (status < 200 || status > 299) {
      this.#mode = 'error';
      void this.#close('unused');
      return;
    }
    this.#unfit = refusalOfForm(headers);
    if (this.#unfit || !request) {
      this.#upstream?.abort();
      return;
    }
    this.#events = /^text\/event-stream\b/i.test(String(headers['content-type'] ?? ''));
    this.#meter = this.#call.wire.meter(request, this.#events);
    if (request.stream) this.#beginStreaming();
  }

  data(chunk: Uint8Array): boolean {
    this.#heardSinceKnown = true;
    if (this.#mode === 'error') return this.#takeError(chunk);
    if (!this.#meter) return true;
    const passed = this.#meter.push(chunk);
    if (this.#mode === 'held-back') {
      this.#wait(passed);
      if (this.#waitingBytes > HELD_BACK_BYTES_MOST) this.#beginStreaming();
      return true;
    }
    const complete = this.#meter.state === 'complete';
    if (this.#booked || !(complete || this.#closing)) return this.#client.write(passed);
    this.#wait(passed);
    if (complete && !this.#closing) this.#closeWhenQuiet();
    return !this.#closing;
  }

  ended(): void {
    void this.#finish(() => (this.#mode === 'error' ? this.#passError() : this.#passEnd()));
  }

  failed(failure: UpstreamFailure): void {
    const ended = this.#closing && this.#mode !== 'error';
    void this.#finish(() => (ended ? this.#passEnd() : this.#breakOff(failure)));
  }

  /** The last of a call, once: whichever of its ends is met first. */
  async #finish(last: () => Promise<unknown>): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    try {
      await last();
    } catch (error) {
      this.#client.tear();
      this.#done.reject(error);
    } finally {
      clearTimeout(this.#quietTimer);
      clearTimeout(this.#drainTimer);
      this.#done.resolve(this.#ending);
    }
  }

  #takeError(chunk: Uint8Array): boolean {
    this.#wait(chunk);
    if (this.#waitingBytes > ERROR_BYTES_MOST) {
      void this.#finish(() => this.#passError());
      this.#upstream?.abort();
    }
    return true;
  }

  async #passError(): Promise<void> {
    await this.#close('unused');
    const refusal = refusalOfStatus(this.#status);
    if (refusal) this.#refuse(refusal);
    else this.#sendWhole({});
  }

  async #passEnd(): Promise<void> {
    const tail = this.#meter?.end() ?? NOTHING;
    const state = this.#meter?.state ?? 'open';
    const booked = await this.#close(state === 'open' ? 'cut' : state);
    if (this.#mode === 'held-back') {
      this.#wait(tail);
      if (state !== 'open' || endsAsObject(this.#waiting.at(-1))) this.#sendWhole(booked);
      else this.#refuse(STOPPED_SHORT);
      return;
    }
    this.#flush();
    this.#client.write(tail);
    // A plain answer too large to be kept is never read to its end; that it arrived whole is HTTP's own word.
    if (state !== 'open' || !this.#call.context.stream) this.#client.end();
    else this.#breakOpen(STOPPED_SHORT);
  }

  /** The provider could not be reached, or broke off: told in the wire's words, and never as a finished answer. */
  async #breakOff(failure: UpstreamFailure): Promise<void> {
    const tail = this.#meter?.end() ?? NOTHING;
    const saidSo = this.#meter?.state === 'failed';
    await this.#close(saidSo ? 'failed' : this.#brokenKind(failure));
    const refusal = this.#unfit ?? refusalOfFailure(failure);
    if (!this.#call.response.headersSent) {
      this.#refuse(refusal);
      return;
    }
    this.#client.write(tail);
    if (saidSo) this.#client.end();
    else this.#breakOpen(refusal);
  }

  #brokenKind(failure: UpstreamFailure): CallEnding['kind'] {
    if (!failure.sent || this.#mode === 'error') return 'unused';
    return failure.kind === 'aborted' && this.#client.gone ? 'cancelled' : 'cut';
  }

  /** Ends what has begun so that nobody takes it for whole: by the wire's error where events can tell it. */
  #breakOpen(refusal: Refusal): void {
    if (!this.#events) {
      this.#client.tear();
      return;
    }
    this.#client.write(this.#call.wire.breakStream(refusal, this.#call.context));
    this.#client.end();
  }

  #refuse(refusal: Refusal): void {
    const { response, context, wire } = this.#call;
    send(response, wire.refuse(refusal, context), context.requestId);
  }

  /** An answer may go on after one of its ends, and only the last tells what it cost: its bytes wait for a quiet moment. */
  #closeWhenQuiet(): void {
    clearTimeout(this.#quietTimer);
    const wait = this.#waitingBytes > HELD_BACK_BYTES_MOST ? 0 : QUIET_MS;
    this.#quietTimer = setTimeout(() => void this.#closeBeforeItsEndIsSeen(), wait);
  }

  /** Some clients leave at the last event, and some providers stay after it: neither is waited for. */
  async #closeBeforeItsEndIsSeen(): Promise<void> {
    await this.#close('complete');
    this.#booked = true;
    this.#flush();
    this.#upstream?.resume();
    this.#stopSoon();
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

  #knownSoFar(): Amount {
    if (this.#heardSinceKnown) {
      this.#heardSinceKnown = false;
      this.#known = knownSoFar(this.#call.open, this.#delivered(), this.#meter?.metered());
    }
    return this.#known;
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
    if (this.#client.gone) this.#stopSoon();
    this.#client.begin(this.#status, passedHeaders(this.#headers, this.#ownHeaders()));
    this.#flush();
  }

  #sendWhole(booked: Record<string, string>): void {
    if (this.#client.gone) return;
    const headers = passedHeaders(this.#headers, { ...this.#ownHeaders(), ...booked });
    this.#call.response.writeHead(this.#status, { ...headers, 'content-length': this.#waitingBytes });
    this.#flush();
    this.#client.end();
  }

  #wait(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
  }

  #flush(): void {
    for (const chunk of this.#waiting) this.#client.write(chunk);
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  /** A plain answer is awaited all the same: only its end tells what it cost, and the provider bills it anyway. */
  #clientLeft(): void {
    if (this.#mode === 'streaming' || this.#call.context.stream) this.#stopSoon();
  }

  /** Nobody needs more of the answer: the provider gets a moment to report its usage, then it is told to stop. */
  #stopSoon(): void {
    if (!this.#over) this.#drainTimer ??= setTimeout(() => this.#upstream?.abort(), DRAIN_MS);
  }
}
