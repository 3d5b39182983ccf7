/** The administration API under `/api/v1`, for the web application, the command line and other programs. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import swagger from '@fastify/swagger';
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject, serializerCompiler } from 'fastify-type-provider-zod';
import type { Log } from '../app/ports.ts';
import { refused } from '../core/errors.ts';
import { openApiDocument, publishedDocument } from './openapi.ts';
import type { ApiPorts } from './ports.ts';
import { PROBLEM_TYPE, problemAnswer } from './problem-details.ts';
import { readJson } from './read-json.ts';
import { refusalOf } from './refused-request.ts';
import { addRoutes } from './routes/all.ts';

const BODY_BYTES_MOST = 1024 * 1024;
const PREFIX = '/api/v1';

export interface Api {
  /** Answers one request. `expectsContinue`: the client waits for `100 Continue` before it sends its body. */
  readonly handle: (request: IncomingMessage, response: ServerResponse, expectsContinue?: boolean) => void;
  /** The API as OpenAPI 3.1. */
  readonly document: object;
  readonly close: () => Promise<void>;
}

/** Builds the API over its ports; it listens on nothing, the server that has the port hands requests to `handle`. */
export async function buildApi(ports: ApiPorts): Promise<Api> {
  const waiting = new WeakSet<IncomingMessage>();
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MOST,
    requestIdHeader: false,
    genReqId: () => ports.ids.fresh(),
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => {
      common(request, reply);
      refuse(ports.log, error, request, reply);
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) =>
    body.length === 0 ? undefined : readJson(body),
  );
  // Bodies and answers are checked where the routes are written; Fastify only documents the schemas.
  app.setValidatorCompiler(() => (value) => ({ value }));
  app.setSerializerCompiler(serializerCompiler);
  app.addHook('onRequest', async (request, reply) => {
    common(request, reply);
    requirePlain(request);
    requireSameOrigin(request);
  });
  app.addHook('preParsing', async (request, reply) => {
    if (waiting.delete(request.raw)) reply.raw.writeContinue();
  });
  app.setErrorHandler((error, request, reply) => refuse(ports.log, error, request, reply));
  const known = knownPaths(app);
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?');
    const others = known.filter(({ pattern, method }) => method !== request.method && pattern.test(path));
    if (others.length === 0) throw refused('not_found', 'There is no such path in this API; see /api/v1/openapi.json.');
    reply.header('allow', [...new Set(others.map(({ method }) => method))].sort().join(', '));
    throw refused('method_not_allowed', `This path does not take ${request.method}.`);
  });
  await app.register(swagger, {
    openapi: openApiDocument,
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(async (routes) => addRoutes(routes, ports), { prefix: PREFIX });
  app.get(`${PREFIX}/openapi.json`, { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(JSON.stringify(document)),
  );
  await app.ready();
  const document = publishedDocument(app.swagger());
  return {
    handle: (request, response, expectsContinue = false) => {
      if (expectsContinue) waiting.add(request);
      app.routing(request, response);
    },
    document,
    close: () => app.close(),
  };
}

interface KnownPath {
  readonly method: string;
  readonly pattern: RegExp;
}

/** Filled as routes are added. */
function knownPaths(app: FastifyInstance): readonly KnownPath[] {
  const known: KnownPath[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    const pattern = new RegExp(`^${url.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+')}/?$`);
    for (const each of [method].flat()) known.push({ method: each, pattern });
  });
  return known;
}

function common(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
}

/** A body that is packed could unpack to anything; nobody needs that for a mebibyte. */
function requirePlain(request: FastifyRequest): void {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return;
  throw refused('wrong_type', 'The body must not be compressed.');
}

/** A browser says from which page a request comes; what changes something is taken from our own pages only. */
function requireSameOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  if (origin === undefined || request.method === 'GET' || request.method === 'HEAD') return;
  if (URL.canParse(origin) && new URL(origin).host === host) return;
  throw refused('policy_denied', 'This request comes from a page of another origin.');
}

/** What is not a refusal is our own fault: logged whole, told as nothing but that. */
function refuse(log: Log, error: FastifyError | unknown, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = refusalOf(error);
  const cause = refusal ? (error instanceof Error ? error.cause : undefined) : error;
  if (cause !== undefined) log.error('an API request failed', { requestId: request.id, error: cause });
  const told = refusal ?? refused('internal', 'Something went wrong inside Stipend.').refusal;
  const { status, headers, problem } = problemAnswer(told, request.id);
  reply.code(status).headers(headers).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}
