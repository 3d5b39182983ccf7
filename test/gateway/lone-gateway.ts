/** The gateway alone, before a ledger and a provider that a test plays itself, in the test's own process. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { RunningCalls } from '../../src/app/calls/running-calls.ts';
import type { Ledger, UpstreamCall, UpstreamHandler, Upstreams } from '../../src/app/ports.ts';
import type { LedgerOperation, LedgerOutcome } from '../../src/core/ledger/operations.ts';
import { ZERO } from '../../src/core/money/amount.ts';
import { PUBLISHED_SHEETS } from '../../src/core/pricing/published.ts';
import { instant } from '../../src/core/time/instant.ts';
import { createGateway } from '../../src/gateway/gateway.ts';
import { createInbound } from '../../src/gateway/inbound.ts';
import { IDS } from '../../src/store/ids.ts';
import { anthropicMessages } from '../../src/wire/anthropic-messages/anthropic-messages.ts';
import { gemini } from '../../src/wire/gemini/gemini.ts';
import { openaiChat } from '../../src/wire/openai-chat/openai-chat.ts';
import { openaiEmbeddings } from '../../src/wire/openai-embeddings/openai-embeddings.ts';
import { openaiResponses } from '../../src/wire/openai-responses/openai-responses.ts';

export interface LoneGateway {
  readonly url: string;
  /** Every error that was logged. */
  readonly errors: readonly unknown[];
  readonly stop: () => void;
}

export interface Played {
  /** Called before each operation is answered, which it is when this resolves. */
  readonly booking?: (operation: LedgerOperation) => Promise<void> | void;
  readonly sent: (call: UpstreamCall, handler: UpstreamHandler) => void;
}

const now = () => instant(Date.UTC(2026, 10, 24));
const nothing = () => undefined;
const notAsked = async () => {
  throw new Error('not asked of this ledger');
};

function taken(operation: LedgerOperation): LedgerOutcome {
  const amount = operation.kind === 'hold' ? operation.amount : ZERO;
  return { ok: true, at: now(), amount, overrun: ZERO, slices: [], available: ZERO, repeated: false };
}

/** Starts it on a free port. Every key is somebody's, and the ledger takes everything. */
export async function startLoneGateway({ booking = nothing, sent }: Played): Promise<LoneGateway> {
  const [sheet] = PUBLISHED_SHEETS;
  if (!sheet) throw new Error('no price sheet');
  const commit: Ledger['commit'] = async (operation) => {
    await booking(operation);
    return taken(operation);
  };
  const upstreams: Upstreams = {
    route: async (provider) => ({ book: 'live', name: provider }),
    start: (call, handler) => {
      sent(call, handler);
      return { resume: nothing, abort: nothing };
    },
  };
  const errors: unknown[] = [];
  const clock = { now };
  const gateway = createGateway({
    ledger: {
      commit,
      openAccounts: notAsked,
      balance: notAsked,
      overdueHolds: notAsked,
      hold: notAsked,
      verify: notAsked,
      entries: notAsked,
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
    log: { info: nothing, warn: nothing, error: (...said) => void errors.push(said) },
    measures: { called: nothing, refused: nothing },
    instance: 'here',
  });
  const server = createInbound({ gateway, others: {}, ids: IDS }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    errors,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
