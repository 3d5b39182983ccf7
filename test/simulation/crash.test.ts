/** Stipend is killed in the middle of calls: what it had acknowledged is there, and what it left open resolves itself. */
import { afterEach, expect, it } from 'vitest';
import { nano, parseDollars, total, ZERO } from '../../src/core/money/amount.ts';
import { balanceOf, givePerson, type Running, startStipend, usageOf } from '../stage/stipend.ts';
import { anthropicAnswer, type StagedUpstream, startUpstream } from '../stage/upstream.ts';

const MODEL = 'claude-sonnet-5';
const stages: { dispose?: () => Promise<void>; stop?: () => Promise<unknown> }[] = [];

afterEach(async () => {
  for (const stage of stages.splice(0)) await (stage.dispose ?? stage.stop)?.();
});

function ask(stipend: Running, key: string, text: string): Promise<Response> {
  return fetch(`${stipend.url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({ model: MODEL, max_tokens: 1000, messages: [{ role: 'user', content: text }] }),
  });
}

/** Answers at once, unless the prompt asks it never to. */
async function stageUpstream(): Promise<StagedUpstream> {
  const upstream = await startUpstream(({ body, response }) => {
    if (body.includes('never answer')) return;
    response.setHeader('content-type', 'application/json');
    response.end(anthropicAnswer(MODEL, { input_tokens: 12, output_tokens: 30 }));
  });
  stages.push(upstream);
  return upstream;
}

const dollars = (text: string | null | undefined) => parseDollars(text ?? '') ?? nano(-1n);

it('kill −9 loses no acknowledged charge, and orphan holds end with their lease', { timeout: 180_000 }, async () => {
  const upstream = await stageUpstream();
  const env = {
    STIPEND_ANTHROPIC_BASE_URL: upstream.origin,
    STIPEND_ANTHROPIC_API_KEY: 'sk-test',
    STIPEND_ALLOW_PRIVATE_PROVIDERS: '1',
  };
  const first = await startStipend(env);
  const { personId, key } = await givePerson(first, '100.00');
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(first, key, `answer ${i}`)));
  const acknowledged = total(answers.map((answer) => dollars(answer.headers.get('x-stipend-cost'))));
  const orphans = Array.from({ length: 5 }, () => ask(first, key, 'never answer').catch(() => undefined));
  await upstream.arrived(25);
  await first.stop('SIGKILL');
  await Promise.all(orphans);

  const second = await startStipend(env, first.dataDir);
  stages.push(second);
  const found = await balanceOf(second, personId);
  expect(dollars(found.spent)).toBe(acknowledged);
  expect(dollars(found.held)).toBeGreaterThan(ZERO);

  const left = await whenNothingIsHeld(second, personId);
  // Each orphan is charged its counted input, marked estimated: it may have been used.
  expect(dollars(left.spent)).toBeGreaterThan(acknowledged);
  const outcomes = (await usageOf(second, personId)).map((record) => String(record.outcome));
  expect(outcomes.filter((outcome) => outcome === 'estimated')).toHaveLength(5);
  expect((await second.api('GET', '/ledger/verify')).body).toMatchObject({
    ok: true,
    openHolds: 0,
    negativeAccounts: 0,
  });
});

/** Asks until nothing is held; the test's own deadline bounds it. */
async function whenNothingIsHeld(stipend: Running, personId: string): Promise<Readonly<Record<string, string>>> {
  for (;;) {
    const balance = await balanceOf(stipend, personId);
    if (balance.held === '0.00') return balance;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

it('SIGTERM lets the calls in flight end, books them, and exits with 0', { timeout: 120_000 }, async () => {
  const pending: (() => void)[] = [];
  const upstream = await startUpstream(({ response }) => {
    pending.push(() => {
      response.setHeader('content-type', 'application/json');
      response.end(anthropicAnswer(MODEL, { input_tokens: 12, output_tokens: 30 }));
    });
  });
  stages.push(upstream);
  const env = {
    STIPEND_ANTHROPIC_BASE_URL: upstream.origin,
    STIPEND_ANTHROPIC_API_KEY: 'sk-test',
    STIPEND_ALLOW_PRIVATE_PROVIDERS: '1',
  };
  const first = await startStipend(env);
  const { personId, key } = await givePerson(first, '100.00');
  const asked = Array.from({ length: 10 }, (_, i) => ask(first, key, `answer ${i}`));
  await upstream.arrived(10);
  const exit = first.stop('SIGTERM');
  // A group signal arrives twice; the second must not force an exit.
  first.process.kill('SIGTERM');
  for (const answer of pending) answer();
  const answers = await Promise.all(asked);
  expect(answers.map((answer) => answer.status)).toEqual(Array(10).fill(200));
  expect(await exit).toBe(0);

  const second = await startStipend(env, first.dataDir);
  stages.push(second);
  const balance = await balanceOf(second, personId);
  expect(dollars(balance.spent)).toBe(total(answers.map((answer) => dollars(answer.headers.get('x-stipend-cost')))));
  expect(balance.held).toBe('0.00');
});
