/** The real product before a provider that obeys the test: what a client sees, and what it is charged. */
import { once } from 'node:events';
import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { balanceOf, type Running, startStipend } from '../stage/stipend.ts';
import { type StagedUpstream, startUpstream, type UpstreamRequest } from '../stage/upstream.ts';

export const PROVIDER_KEY = 'sk-of-the-company-that-nobody-may-see';

export interface GatewayStage {
  readonly stipend: Running;
  readonly upstream: StagedUpstream;
  /** How the provider answers from now on. */
  answer: (request: UpstreamRequest) => void;
  readonly stop: () => Promise<void>;
}

/** Starts both; every provider is the one staged server. `env` adds to Stipend's environment. */
export async function startGateway(env: Readonly<Record<string, string>> = {}): Promise<GatewayStage> {
  const upstream = await startUpstream((request) => stage.answer(request));
  const stipend = await startStipend({
    STIPEND_ANTHROPIC_BASE_URL: upstream.origin,
    STIPEND_ANTHROPIC_API_KEY: PROVIDER_KEY,
    STIPEND_OPENAI_BASE_URL: `${upstream.origin}/v1`,
    STIPEND_OPENAI_API_KEY: PROVIDER_KEY,
    STIPEND_GEMINI_BASE_URL: upstream.origin,
    STIPEND_GEMINI_API_KEY: PROVIDER_KEY,
    STIPEND_ALLOW_PRIVATE_PROVIDERS: '1',
    ...env,
  });
  const stage: GatewayStage = {
    stipend,
    upstream,
    answer: ({ response }) => response.writeHead(500).end(),
    stop: async () => {
      await Promise.all([stipend.dispose(), upstream.stop()]);
    },
  };
  return stage;
}

export interface Question {
  readonly path: string;
  readonly key: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call as its client sees it. */
export interface ClientCall {
  readonly request: ClientRequest;
  readonly head: Promise<IncomingMessage>;
  /** Resolves when the answer so far holds this text; rejects when it ends without. */
  readonly seen: (text: string) => Promise<void>;
  /** The whole answer; rejects when the connection is torn before its end. */
  readonly whole: Promise<Whole>;
  /** The client goes away; resolves when its connection is closed. */
  readonly leave: () => Promise<void>;
}

export interface Whole {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Asks, on a connection of its own. A string or bytes are sent as they are, anything else as JSON. */
export function ask(url: string, { path, key, body, headers = {} }: Question): ClientCall {
  const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const request = httpRequest(`${url}${path}`, {
    method: 'POST',
    agent: false,
    headers: {
      'x-api-key': key,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(bytes),
      ...headers,
    },
  });
  request.end(bytes);
  return follow(request);
}

/** Follows a request that is being sent. */
export function follow(request: ClientRequest): ClientCall {
  let text = '';
  const head = new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
  });
  const whole = head.then(async (answer): Promise<Whole> => {
    answer.setEncoding('utf8');
    for await (const chunk of answer) {
      text += chunk;
      request.emit('seen');
    }
    return { status: answer.statusCode ?? 0, headers: answer.headers, text };
  });
  // A test that awaits only a part of a call is not failed by the rest of it.
  head.catch(() => undefined);
  whole.catch(() => undefined).finally(() => request.emit('seen'));
  let over = false;
  whole.then(
    () => {
      over = true;
    },
    () => {
      over = true;
    },
  );
  return {
    request,
    head,
    whole,
    seen: async (wanted) => {
      while (!text.includes(wanted)) {
        if (over) throw new Error(`the answer ended without ${JSON.stringify(wanted)}: ${text}`);
        await once(request, 'seen');
      }
    },
    leave: () =>
      new Promise((resolve) => {
        request.once('close', resolve);
        request.destroy();
      }),
  };
}

/** What a person was charged once nothing of theirs is held any more; the ledger is right at that moment. */
export async function settled(stipend: Running, personId: string): Promise<Readonly<Record<string, string>>> {
  for (;;) {
    const balance = await balanceOf(stipend, personId);
    if (balance['held'] === '0.00') return balance;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
