/** The sandbox's faults through the whole product, streamed and plain: whatever happens, the books are right and nothing stays held. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { givePerson, type Running, startStipend, usageOf } from '../stage/stipend.ts';
import { GENERATING } from './provider-words.ts';
import { ask, settled } from './stage.ts';

let stipend: Running;

beforeAll(async () => {
  stipend = await startStipend();
}, 120_000);

afterAll(async () => {
  const { body } = await stipend.api('GET', '/ledger/verify');
  expect(body).toMatchObject({ ok: true, openHolds: 0, negativeAccounts: 0, auditOk: true });
  expect(stipend.output()).not.toContain('"level":"error"');
  await stipend.dispose();
});

type Charge = 'all' | 'free' | 'estimate';

/** What each fault costs, streamed and plain. */
const FAULTS: readonly (readonly [marker: string, streamed: Charge, plain: Charge])[] = [
  ['status 429 retry-after 2', 'free', 'free'],
  ['529', 'free', 'free'],
  ['status 401', 'free', 'free'],
  ['status 500', 'free', 'free'],
  ['reset after 0 events', 'estimate', 'estimate'],
  ['reset after 3 events', 'estimate', 'estimate'],
  ['cut after 3 events', 'estimate', 'estimate'],
  ['error event after 4 events', 'estimate', 'free'],
  ['empty', 'estimate', 'estimate'],
  ['half utf-8', 'all', 'all'],
  ['event 10 MB', 'all', 'all'],
  ['no usage', 'estimate', 'estimate'],
  ['usage above limit', 'all', 'all'],
];

const OUTCOMES: Readonly<Record<Charge, readonly unknown[][]>> = {
  all: [['completed']],
  free: [[]],
  estimate: [['estimated'], ['failed']],
};

describe.each(GENERATING)('on %s', (_, words) => {
  it.each(
    FAULTS.flatMap(([marker, streamed, plain]) => [
      [marker, 'streamed', streamed] as const,
      [marker, 'plain', plain] as const,
    ]),
  )('[[sandbox: %s]], %s, is charged: %s', async (marker, how, charge) => {
    const { personId, key } = await givePerson(stipend, '100.00');
    const stream = how === 'streamed';
    const path = stream ? words.streamPath : words.plainPath;
    const body = words.body(`Tell me much. [[sandbox: output 400 tokens, ${marker}]]`, stream);
    const { status, headers, text } = await ask(stipend.url, { path, key, body }).whole;
    expect(headers['x-request-id']).toMatch(/\w/);
    expect([200, 429, 500, 502, 529]).toContain(status);
    if (charge !== 'all' && marker !== 'no usage' && status === 200) expect(text).toMatch(/"error"|response\.failed/);
    const { spent, overrun } = await settled(stipend, personId);
    expect(spent === '0.00').toBe(charge === 'free');
    expect(overrun).toBe('0.00');
    const outcomes = (await usageOf(stipend, personId)).map((record) => record['outcome']);
    expect(OUTCOMES[charge]).toContainEqual(outcomes);
  });
});
