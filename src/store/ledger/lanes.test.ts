import { describe, expect, it } from 'vitest';
import type { LedgerOperation, LedgerOutcome } from '../../core/ledger/operations.ts';
import { nano } from '../../core/money/amount.ts';
import { instant } from '../../core/time/instant.ts';
import type { Result } from './batch.ts';
import { Lanes, type LanesOptions } from './lanes.ts';

const operation = (id: string): LedgerOperation => ({ kind: 'void', id });
const outcome: LedgerOutcome = {
  ok: true,
  at: instant(1),
  amount: nano(0n),
  overrun: nano(0n),
  slices: [],
  available: nano(0n),
  repeated: false,
};
const away = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
const settings: LanesOptions = { lanes: 1, batchMost: 3, patienceMs: 60_000, restMs: 0 };

/** Lanes whose batches are ended by the test, one after the other. */
function open(options: Partial<LanesOptions> = {}) {
  const batches: { ids: string[]; end: (results?: Result[]) => void; fail: (error: Error) => void }[] = [];
  const lanes = new Lanes(
    (operations) =>
      new Promise((resolve, reject) => {
        const ids = operations.map(({ id }) => id);
        batches.push({ ids, end: (results = ids.map(() => ({ outcome }))) => resolve(results), fail: reject });
      }),
    { ...settings, ...options },
  );
  return { lanes, batches };
}

/** Until everything that can happen without a batch ending has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('lanes', () => {
  it('take what waits together, up to a batch, and gather the next while they are busy', async () => {
    const { lanes, batches } = open();
    const answers = ['a', 'b', 'c', 'd'].map((id) => lanes.submit(operation(id)));
    await settled();
    answers.push(lanes.submit(operation('e')));
    await settled();
    expect(batches.map(({ ids }) => ids.join(''))).toEqual(['abc']);
    batches[0]?.end();
    await settled();
    expect(batches.map(({ ids }) => ids.join(''))).toEqual(['abc', 'de']);
    batches[1]?.end();
    expect(await Promise.all(answers)).toEqual(answers.map(() => outcome));
  });

  it('go side by side', async () => {
    const { lanes, batches } = open({ lanes: 2 });
    const answers = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => lanes.submit(operation(id)));
    await settled();
    expect(batches.map(({ ids }) => ids.length)).toEqual([3, 3]);
    for (const batch of batches) batch.end();
    await Promise.all(answers);
  });

  it('tell each operation its own result', async () => {
    const { lanes, batches } = open();
    const [first, second] = [lanes.submit(operation('a')), lanes.submit(operation('b'))];
    await settled();
    batches[0]?.end([{ failed: new Error('a constraint') }, { outcome }]);
    await expect(first).rejects.toMatchObject({ refusal: { code: 'store_unavailable' } });
    expect(await second).toBe(outcome);
  });

  it('try again what met a database that was away, before what came later', async () => {
    const { lanes, batches } = open();
    const first = lanes.submit(operation('a'));
    await settled();
    const second = lanes.submit(operation('b'));
    batches[0]?.fail(away);
    while (batches.length < 2) await settled();
    expect(batches[1]?.ids).toEqual(['a', 'b']);
    batches[1]?.end();
    expect(await Promise.all([first, second])).toEqual([outcome, outcome]);
  });

  it('refuse what has waited too long for it', async () => {
    const { lanes, batches } = open({ patienceMs: 0 });
    const answer = lanes.submit(operation('a'));
    await settled();
    batches[0]?.fail(away);
    await expect(answer).rejects.toMatchObject({ refusal: { code: 'store_unavailable', retryAfterSeconds: 2 } });
  });

  it('end what they took when they are closed, and take nothing more', async () => {
    const { lanes, batches } = open();
    const answers = ['a', 'b', 'c', 'd'].map((id) => lanes.submit(operation(id)));
    await settled();
    const closed = lanes.close();
    await expect(lanes.submit(operation('e'))).rejects.toMatchObject({ refusal: { code: 'store_unavailable' } });
    batches[0]?.end();
    await settled();
    batches[1]?.end();
    expect(await Promise.all(answers)).toHaveLength(4);
    await closed;
    expect(batches.flatMap(({ ids }) => ids)).toEqual(['a', 'b', 'c', 'd']);
  });
});
