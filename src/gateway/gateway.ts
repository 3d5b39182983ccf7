/** The inbound side of the provider protocols: the life of a request, from its key to its charge. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { authorise } from '../app/calls/authorise.ts';
import { type CallPorts, openCall } from '../app/calls/open-call.ts';
import type { RunningCalls } from '../app/calls/running-calls.ts';
import type { Ids, KeyRecord, Keys, Log, Measures, UpstreamCall } from '../app/ports.ts';
import { Refused, refused } from '../core/errors.ts';
import { dateOf } from '../core/time/calendar.ts';
import { HOPS_HEADER, isLoop } from '../wire/framing/hops.ts';
import type { RefusalContext, Wire, WireName } from '../wire/framing/wire.ts';
import { send } from './answer.ts';
import { attribution, clientKind } from './client.ts';
import { presentedKey } from './credential.ts';
import { passFreeCall } from './free-call.ts';
import { Relay } from './relay.ts';
import { ClientLeft, readBody, requireJson } from './request-body.ts';
import { findRoute, type Route } from './route.ts';

export interface GatewayPorts extends CallPorts {
  readonly keys: Keys;
  readonly ids: Ids;
  readonly running: RunningCalls;
  readonly wires: Readonly<Record<WireName, Wire>>;
  readonly log: Log;
  readonly measures: Measures;
  /** This installation's name among the hops of a call. */
  readonly instance: string;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly wire: Wire;
  /** Told more as the request is read: a refusal depends on whether a stream was asked for. */
  context: RefusalContext;
  /** The client waits for `100 Continue` before it sends its body. */
  readonly expectsContinue: boolean;
}

export type GatewayHandler = (request: IncomingMessage, response: ServerResponse, expectsContinue?: boolean) => void;

/** The handler of every path that is not the API's or the web application's. */
export function createGateway(ports: GatewayPorts): GatewayHandler {
  return (request, response, expectsContinue = false) => {
    if (request.method === 'HEAD') {
      response.writeHead(200, { 'x-request-id': ports.ids.fresh() }).end();
      return;
    }
    const route = findRoute(request.method ?? '', request.url ?? '', request.headers);
    const context = { requestId: ports.ids.fresh(), client: clientKind(request.headers), stream: false };
    const exchange = { request, response, wire: ports.wires[route.wire], context, expectsContinue };
    if ('reason' in route) {
      const what = route.reason === 'not_found' ? 'There is no such path here' : 'This path takes another method';
      refuse(
        ports,
        exchange,
        refused(route.reason, `${what}: ${request.method} ${(request.url ?? '').split('?')[0]?.slice(0, 200)}`),
      );
      return;
    }
    answer(ports, exchange, route).catch((error: unknown) => refuse(ports, exchange, error));
  };
}

async function answer(ports: GatewayPorts, exchange: Exchange, route: Route): Promise<void> {
  const { request, response, wire, context } = exchange;
  if (isLoop(ports.instance, headerText(request.headers[HOPS_HEADER]))) {
    throw refused('loop', 'This call has come back to Stipend: a provider’s base URL points at Stipend itself.');
  }
  const key = await authorise(ports.keys, presentedKey(request.headersDistinct, route.query), ports.clock.now());
  if (route.kind === 'models') {
    send(response, wire.listModels(await listedModels(ports, wire, key)), context.requestId);
    return;
  }
  requireJson(request.headers);
  if (exchange.expectsContinue) response.writeContinue();
  // Begun in a function of its own: what it read of the request is let go while the answer comes.
  const { ended } = await begin(ports, exchange, route, key);
  const ending = await ended;
  if (ending !== undefined) ports.measures.called(wire.name, ending);
}

/** Reads the request and sends it on; `ended` resolves when its answer has gone out, with how a metered call ended. */
async function begin(ports: GatewayPorts, exchange: Exchange, route: Route, key: KeyRecord) {
  const { request, response, wire } = exchange;
  const read = wire.read(await readBody(request), {
    action: route.action,
    query: route.query,
    ...(route.model === undefined ? {} : { model: route.model }),
  });
  const context = { ...exchange.context, stream: read.stream };
  exchange.context = context;
  const upstream: Omit<UpstreamCall, 'destination' | 'body'> = {
    provider: wire.provider,
    method: 'POST',
    path: route.upstreamPath,
    headers: passable(request.headers),
  };
  if (read.demand === null) {
    const { name: destination } = await ports.upstreams.route(wire.provider);
    const free = { ...upstream, destination, body: read.forward() };
    return { ended: passFreeCall(ports.upstreams, free, { wire, context, response }) };
  }
  const asked = { id: context.requestId, key, provider: wire.provider, wire: wire.name, demand: read.demand };
  const open = await openCall(ports, { ...asked, ...attribution(request.headers) }).catch((error: unknown) => {
    if (error instanceof Refused && error.refusal.code === 'store_unavailable') ports.running.neverSent(asked.id);
    throw error;
  });
  const relay = new Relay({ open, wire, context, response }, read, ports.running);
  const body = read.forward(open.loweredOutputLimit);
  return { ended: relay.run(ports.upstreams, { ...upstream, destination: open.destination, body }) };
}

/** The models of this wire's provider that have a price, are still served and may be called with this key. */
async function listedModels(ports: GatewayPorts, wire: Wire, key: KeyRecord) {
  const now = ports.clock.now();
  const today = dateOf(now, 'UTC');
  const sheet = await ports.prices.sheet(now);
  return sheet.models
    .filter(({ provider, retiresOn }) => provider === wire.provider && (retiresOn === undefined || today < retiresOn))
    .filter(({ model }) => key.models === undefined || key.models.includes(model))
    .map(({ model, contextTokensMost, outputTokensMost }) => ({ id: model, contextTokensMost, outputTokensMost }));
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value;
}

function passable(headers: IncomingMessage['headers']): Record<string, string | string[]> {
  const present: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) present[name] = value;
  return present;
}

/** Says no in the wire's words. What is not a refusal is our own fault: logged whole, told as nothing but that. */
function refuse(ports: GatewayPorts, { request, response, wire, context }: Exchange, error: unknown): void {
  if (error instanceof ClientLeft) return;
  const known = error instanceof Refused ? error : undefined;
  if (!known || known.cause !== undefined) {
    ports.log.error('a request failed', { requestId: context.requestId, error: known?.cause ?? error });
  }
  const refusal =
    known?.refusal ?? refused('internal', 'Something went wrong inside Stipend; nothing was charged.').refusal;
  ports.measures.refused(wire.name, refusal.code);
  // What is left of the body is read and dropped, so that the client gets to read the answer.
  request.resume();
  send(response, wire.refuse(refusal, context), context.requestId);
}
