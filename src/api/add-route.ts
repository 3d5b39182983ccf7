/**
 * The one way a route comes into the API: with its schemas, its access and, where it makes something, its idempotency.
 * A route that forgets one of these cannot be written.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Act } from '../app/act.ts';
import { missing } from '../app/missing.ts';
import type { RunOnce } from '../app/operations/run-once.ts';
import type { GivenAnswer } from '../app/ports/operations.ts';
import type { Ids } from '../app/ports.ts';
import { problem } from '../contract/problem.ts';
import { REFUSALS, Refused, refused } from '../core/errors.ts';
import { type Caller, type CallerPorts, callerName, callerOf } from './caller.ts';
import { checked } from './checked.ts';
import { PROBLEM_TYPE, problemAnswer } from './problem-details.ts';

export interface RoutePorts extends CallerPorts {
  readonly ids: Ids;
  readonly once: RunOnce;
}

/** For what takes no query or no body. */
export const nothing = z.strictObject({});

interface Shape<Answer> {
  /** Below `/api/v1`, with `:id` or `:name` for what varies. */
  readonly path: string;
  /** A sentence for the reference. */
  readonly summary: string;
  readonly answer: Answer;
}

interface Asked {
  readonly caller: Caller;
  /** The `:id` of the path, a UUID; empty where the path has none. */
  readonly id: string;
  /** The `:name` of the path, anything; empty where the path has none. */
  readonly name: string;
  /** For logs and error answers. */
  readonly requestId: string;
}

interface ReadShape<Query, Answer> extends Shape<Answer> {
  /** `admin`: administrators only. `holder`: the holders of keys too, for what is their own. */
  readonly access: 'admin' | 'holder';
  readonly query: Query;
}

interface MakeShape<Body, Answer> extends Shape<Answer> {
  readonly body: Body;
  readonly status: 200 | 201;
}

interface ChangeShape<Body, Answer> extends Shape<Answer> {
  readonly method: 'PATCH' | 'DELETE';
  readonly body: Body;
}

/** Adds a GET. `run` answers what the contract says, or throws `Refused`. */
export function addRead<Query extends z.ZodType, Answer extends z.ZodType>(
  app: FastifyInstance,
  ports: RoutePorts,
  shape: ReadShape<Query, Answer>,
  run: (asked: Asked & { readonly query: z.output<Query> }) => Promise<z.input<Answer>>,
): void {
  app.route({
    method: 'GET',
    url: shape.path,
    schema: { ...documented(shape), querystring: shape.query, response: answers(200, shape.answer) },
    onRequest: (request) => admit(ports, shape.access, request),
    handler: async (request, reply) => {
      const query = checked(shape.query, request.query);
      return send(reply, written(200, shape.answer, await run({ ...askedOf(request), query })));
    },
  });
}

/** Adds a POST for administrators. Under an `Idempotency-Key` it has one effect and one answer, for ever. */
export function addMake<Body extends z.ZodType, Answer extends z.ZodType>(
  app: FastifyInstance,
  ports: RoutePorts,
  shape: MakeShape<Body, Answer>,
  run: (asked: Asked & { readonly act: Act; readonly body: z.output<Body> }) => Promise<z.input<Answer>>,
): void {
  app.route({
    method: 'POST',
    url: shape.path,
    schema: {
      ...documented(shape),
      headers: idempotencyHeader,
      body: shape.body,
      response: answers(shape.status, shape.answer),
    },
    onRequest: (request) => admit(ports, 'admin', request),
    handler: async (request, reply) => {
      const asked = askedOf(request);
      const idempotencyKey = idempotencyKeyOf(request);
      const sent = sentIn(request, shape.body);
      const body = checked(shape.body, sent);
      const act = async (id: string): Promise<GivenAnswer> => {
        const given = await run({ ...asked, body, act: { id, by: byline(asked.caller) } });
        return written(shape.status, shape.answer, given);
      };
      if (idempotencyKey === undefined) return send(reply, await act(ports.ids.fresh()));
      const once = {
        caller: callerName(asked.caller),
        idempotencyKey,
        route: `${request.method} ${request.url}`,
        body: JSON.stringify(sent),
      };
      return send(reply, await ports.once.answer(once, (id) => refusalsToo(asked.requestId, () => act(id))));
    },
  });
}

/** Adds a PATCH or DELETE for administrators, which by its nature may be repeated. */
export function addChange<Body extends z.ZodType, Answer extends z.ZodType>(
  app: FastifyInstance,
  ports: RoutePorts,
  shape: ChangeShape<Body, Answer>,
  run: (asked: Asked & { readonly body: z.output<Body> }) => Promise<z.input<Answer>>,
): void {
  app.route({
    method: shape.method,
    url: shape.path,
    schema: {
      ...documented(shape),
      ...(shape.method === 'PATCH' ? { body: shape.body } : {}),
      response: answers(200, shape.answer),
    },
    onRequest: (request) => admit(ports, 'admin', request),
    handler: async (request, reply) => {
      const body = checked(shape.body, sentIn(request, shape.body));
      return send(reply, written(200, shape.answer, await run({ ...askedOf(request), body })));
    },
  });
}

// ---------------------------------------------------------------- who

const callers = new WeakMap<FastifyRequest, Caller>();

/** Before a byte of the body is read. */
async function admit(ports: RoutePorts, access: 'admin' | 'holder', request: FastifyRequest): Promise<void> {
  const caller = await callerOf(ports, request.headers.authorization);
  if (access === 'admin' && caller.kind !== 'admin') {
    throw refused(
      'policy_denied',
      'This is for administrators. With your own key you see yourself (/api/v1/me), your balance and your usage.',
    );
  }
  callers.set(request, caller);
}

function byline(caller: Caller): string {
  return caller.kind === 'admin' ? caller.admin.name : caller.key.name;
}

/** What the router found in the path. */
const pathParams = z.object({ id: z.string().optional(), name: z.string().optional() });

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function askedOf(request: FastifyRequest): Asked {
  const caller = callers.get(request);
  if (!caller) throw new Error('a request came past its admission');
  const { id, name } = pathParams.parse(request.params);
  if (id !== undefined && !UUID.test(id)) throw missing('thing');
  return { caller, id: id?.toLowerCase() ?? '', name: name ?? '', requestId: request.id };
}

// ---------------------------------------------------------------- what

const idempotencyHeader = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 printable ASCII characters without spaces')
    .optional()
    .describe('The same key with the same body has one effect and gets the same answer, however often it is sent.'),
});

function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  return checked(idempotencyHeader, { 'idempotency-key': request.headers['idempotency-key'] })['idempotency-key'];
}

/**
 * Some clients name a content type with every request: where nothing has to be said, that is no body. Elsewhere it is
 * JSON that is empty.
 */
function sentIn(request: FastifyRequest, body: z.ZodType): unknown {
  if (request.body) return request.body;
  const isAwaited = request.headers['content-type'] !== undefined && !body.safeParse({}).success;
  if (isAwaited) throw refused('invalid', 'The body is empty.');
  return {};
}

function documented({ path, summary }: Shape<unknown>) {
  const [, noun = ''] = path.split('/');
  const varying = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => [name, z.string()] as const);
  const params = varying.length === 0 ? {} : { params: z.object(Object.fromEntries(varying)) };
  return { summary, tags: [noun], security: [{ key: [] }], ...params };
}

function answers(status: 200 | 201, answer: z.ZodType) {
  return {
    [status]: { description: 'Done.', content: { 'application/json': { schema: answer } } },
    default: { description: 'Refused, and why.', content: { [PROBLEM_TYPE]: { schema: problem } } },
  };
}

/** Only what the contract names goes out; an answer that breaks it is our own fault and never leaves. */
function written<Answer extends z.ZodType>(status: number, answer: Answer, given: z.input<Answer>): GivenAnswer {
  return { status, body: JSON.stringify(answer.parse(given)) };
}

/** A refusal is an answer too, and a repeat gets the same one; only what may be otherwise later is thrown. */
async function refusalsToo(requestId: string, run: () => Promise<GivenAnswer>): Promise<GivenAnswer> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Refused) || REFUSALS[error.refusal.code].retry === 'after') throw error;
    const { status, problem: body } = problemAnswer(error.refusal, requestId);
    return { status, body: JSON.stringify(body) };
  }
}

function send(reply: FastifyReply, { status, body }: GivenAnswer): FastifyReply {
  if (status >= 400) reply.header('x-should-retry', 'false');
  return reply
    .code(status)
    .type(status < 400 ? 'application/json; charset=utf-8' : PROBLEM_TYPE)
    .send(body);
}
