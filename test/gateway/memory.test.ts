/** What a running stream keeps of its request: nothing that is as large as the request was. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { RunningCalls } from '../../src/app/calls/running-calls.ts';
import type { Ledger, UpstreamCall, UpstreamHandler, Upstreams } from '../../src/app/ports.ts';
import { ZERO } from '../../src/core/money/amount.ts';
import { PUBLISHED_SHEETS } from '../../src/core/pricing/published.ts';
import { instant } from '../../src/core/time/instant.ts';
import { createGateway, type GatewayPorts } from '../../src/gateway/gateway.ts';
import { createInbound } from '../../src/gateway/inbound.ts';
import { IDS } from '../../src/store/ids.ts';
import { anthropicMessages } from '../../src/wire/anthropic-messages/anthropic-messages.ts';
import { gemini } from '../../src/wire/gemini/gemini.ts';
import { openaiChat } from '../../src/wire/openai-chat/openai-chat.ts';
import { openaiEmbeddings } from '../../src/wire/openai-embeddings/openai-embeddings.ts';
import { openaiResponses } from '../../src/wire/openai-responses/openai-responses.ts';
import { GENERATING } from './provider-words.ts';
import { ask } from './stage.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const now = () => instant(Date.UTC(2026, 10, 24));
const nothing = () => undefined;
const LARGE = 4 * 1024 * 1024;

/** The gateway before a ledger that takes everything and a provider that begins to answer and does not go on. */
function ports(sent: (body: WeakRef<Uint8Array>, handler: UpstreamHandler) => void): GatewayPorts {
  const commit: Ledger['commit'] = async (operation) => ({
    ok: true,
    at: now(),
    amount: operation.kind === 'hold' ? operation.amount : ZERO,
    overrun: ZERO,
    slices: [],
    available: ZERO,
    repeated: false,
  });
  const [sheet] = PUBLISHED_SHEETS;
  if (!sheet) throw new Error('no price sheet');
  const unused = async () => {
    throw new Error('not asked in this test');
  };
  const upstreams: Upstreams = {
    route: async (provider) => ({ book: 'live', name: provider }),
    start: ({ body = new Uint8Array() }: UpstreamCall, handler) => {
      sent(new WeakRef(body), handler);
      return { resume: nothing, abort: nothing };
    },
  };
  const clock = { now };
  return {
    ledger: {
      commit,
      openAccounts: unused,
      balance: unused,
      overdueHolds: unused,
      hold: unused,
      verify: unused,
      entries: unused,
    },
    prices: { sheet: async () => sheet },
    upstreams,
    clock,
    whereToAsk: 'nobody',
    keys: {
      holder: async () => ({
        id: 'k',
        name: 'k',
        principal: { kind: 'person', id: 'p' },
        funding: { live: ['1'], test: ['2'] },
        createdAt: now(),
      }),
    },
    ids: IDS,
    running: new RunningCalls({ commit }, clock),
    wires: {
      'anthropic-messages': anthropicMessages,
      'openai-chat': openaiChat,
      'openai-responses': openaiResponses,
      'openai-embeddings': openaiEmbeddings,
      gemini,
    },
    log: { info: nothing, warn: nothing, error: nothing },
    measures: { called: nothing, refused: nothing },
    instance: 'here',
  };
}

it.each(GENERATING)('a stream on %s lets its request’s bytes go once the answer has begun', async (_, words) => {
  const sent = Promise.withResolvers<{ body: WeakRef<Uint8Array>; handler: UpstreamHandler }>();
  const gateway = createGateway(ports((body, handler) => sent.resolve({ body, handler })));
  const server = createInbound({ gateway, others: {}, ids: IDS }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const call = ask(url, { path: words.streamPath, key: 'k', body: words.body('x'.repeat(LARGE), true) });
  const { body, handler } = await sent.promise;
  handler.head(200, { 'content-type': 'text/event-stream' });
  handler.data(Buffer.from(words.start + words.delta('begun')));
  await call.seen('begun');
  collectGarbage();
  expect(body.deref()).toBeUndefined();
  await call.leave();
  server.close();
});
