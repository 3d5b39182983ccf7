/** Two processes over one database: a budget is one budget, and a key that is revoked on one is revoked on both. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatDollars, nano, parseDollars, total } from '../../src/core/money/amount.ts';
import { balanceOf, givePerson, type Running, startStipend } from '../stage/stipend.ts';
import { anthropicAnswer, type StagedUpstream, startUpstream } from '../stage/upstream.ts';
import { embeddedServer, emptyDatabase, type FreshDatabase } from '../store/fresh-database.ts';

const MODEL = 'claude-sonnet-5';
const CALLS = 200;
const COVERED = 20;

let database: FreshDatabase;
let upstream: StagedUpstream;
let replicas: readonly [Running, Running];
/** The answers the provider has not given yet. */
const pending: (() => void)[] = [];

beforeAll(async () => {
  upstream = await startUpstream(({ response }) => {
    pending.push(() => {
      response.setHeader('content-type', 'application/json');
      response.end(anthropicAnswer(MODEL, { input_tokens: 20, output_tokens: 77 }));
    });
  });
  database = await emptyDatabase(embeddedServer());
  const env = {
    STIPEND_DATABASE_URL: database.connection,
    STIPEND_ANTHROPIC_BASE_URL: upstream.origin,
    STIPEND_ANTHROPIC_API_KEY: 'sk-test',
    STIPEND_ALLOW_PRIVATE_PROVIDERS: '1',
  };
  replicas = await Promise.all([startStipend(env), startStipend(env)]);
}, 120_000);

afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.dispose()));
  await upstream.stop();
  await database.drop();
});

function answerPending(): void {
  for (const answer of pending.splice(0)) answer();
}

function ask(stipend: Running, key: string): Promise<Response> {
  return fetch(`${stipend.url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({ model: MODEL, max_tokens: 500, messages: [{ role: 'user', content: 'slowly, please' }] }),
  });
}

/** What one such call holds, seen while it runs. */
async function heldByOneCall(stipend: Running): Promise<bigint> {
  const { personId, key } = await givePerson(stipend, '10.00');
  const before = upstream.requests.length;
  const call = ask(stipend, key);
  await upstream.arrived(before + 1);
  const { held = '' } = await balanceOf(stipend, personId);
  answerPending();
  await call;
  return parseDollars(held) ?? 0n;
}

describe('200 slow calls at once on a budget worth 20 of their holds', () => {
  it('are let through 20 times exactly, whichever process they reach', { timeout: 120_000 }, async () => {
    const [one] = replicas;
    const hold = await heldByOneCall(one);
    expect(hold).toBeGreaterThan(0n);
    const { personId, key } = await givePerson(one, formatDollars(nano(hold * BigInt(COVERED))));
    const before = upstream.requests.length;
    const refused: Response[] = [];
    const allRefused = Promise.withResolvers<void>();
    const calls = Array.from({ length: CALLS }, async (_, i) => {
      const answer = await ask(replicas[i % 2] ?? one, key);
      if (answer.status !== 200) refused.push(answer);
      if (refused.length === CALLS - COVERED) allRefused.resolve();
      return answer;
    });
    await upstream.arrived(before + COVERED);
    await allRefused.promise;
    expect(upstream.requests.length - before).toBe(COVERED);
    expect(await balanceOf(one, personId)).toMatchObject({ available: '0.00', overrun: '0.00' });

    answerPending();
    const answers = await Promise.all(calls);
    expect(refused.map((answer) => answer.status)).toEqual(Array(CALLS - COVERED).fill(402));
    const costs = answers
      .filter((answer) => answer.status === 200)
      .map((answer) => answer.headers.get('x-stipend-cost'));
    const spent = total(costs.map((cost) => parseDollars(cost ?? '') ?? nano(-1n)));
    for (const replica of replicas) {
      const balance = await balanceOf(replica, personId);
      expect(balance).toMatchObject({ spent: formatDollars(spent), held: '0.00', overrun: '0.00' });
      const { body } = await replica.api('GET', '/ledger/verify');
      expect(body).toMatchObject({ ok: true, openHolds: 0, negativeAccounts: 0 });
    }
  });
});

describe('a key revoked on one process', () => {
  it('is refused by the other within a second, at no charge', async () => {
    const [one, two] = replicas;
    const { personId, keyId, key } = await givePerson(one, '10.00');
    const before = upstream.requests.length;
    const warm = ask(two, key);
    await upstream.arrived(before + 1);
    answerPending();
    expect((await warm).status).toBe(200);
    const { spent } = await balanceOf(one, personId);

    expect((await one.api('DELETE', `/keys/${keyId}`)).status).toBeLessThan(300);
    const revokedAt = performance.now();
    for (;;) {
      const answer = await fetch(`${two.url}/v1/messages/count_tokens`, {
        method: 'POST',
        headers: { 'x-api-key': key, 'content-type': 'application/json' },
        body: '{',
      });
      if (answer.status === 401) break;
      // The deadline is the promise itself: within a second, everywhere.
      expect(performance.now() - revokedAt).toBeLessThan(1_000);
    }
    const refused = await ask(two, key);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ type: 'error', error: { type: 'authentication_error' } });
    expect(await balanceOf(one, personId)).toMatchObject({ spent, held: '0.00' });
  });
});
