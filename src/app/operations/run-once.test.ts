import { describe, expect, it } from 'vitest';
import type { AskedOnce, GivenAnswer, OperationState, Operations } from '../ports/operations.ts';
import { RunOnce } from './run-once.ts';

const asked: AskedOnce = { caller: 'admin', idempotencyKey: 'k', route: '/grants', body: '{}' };
const created: GivenAnswer = { status: 201, body: '{"id":1}' };
const noPause = async () => undefined;

/** Kept operations of one key, as another process would leave them. */
function keeping(initial?: OperationState): Operations & { answered?: GivenAnswer; released: number } {
  const kept = { attempts: 0 };
  const operations: Operations & { answered?: GivenAnswer; released: number } = {
    released: 0,
    begin: async () => {
      if (operations.answered) return { state: 'answered', answer: operations.answered };
      if (initial) return initial;
      kept.attempts += 1;
      return { state: 'begun', id: 'op', attempt: kept.attempts };
    },
    answer: async (_, attempt, answer) => {
      if (attempt !== kept.attempts) return false;
      operations.answered = answer;
      return true;
    },
    release: async () => {
      operations.released += 1;
    },
  };
  return operations;
}

describe('a request under an idempotency key', () => {
  it('asked fifty times at once has one effect and the same answer', async () => {
    const once = new RunOnce(keeping(), noPause);
    let effects = 0;
    const run = async () => {
      effects += 1;
      return created;
    };
    const answers = await Promise.all(Array.from({ length: 50 }, () => once.answer(asked, run)));
    expect(new Set(answers)).toEqual(new Set([created]));
    expect(await once.answer(asked, run)).toEqual(created);
    expect(effects).toBe(1);
  });

  it.each(['route', 'body'])('with another %s is refused, while the first runs and after', async (field) => {
    const other = { ...asked, [field]: 'other' };
    const once = new RunOnce(keeping(), noPause);
    const first = once.answer(asked, async () => created);
    await expect(once.answer(other, async () => created)).rejects.toThrow(`another ${field}`);
    await first;
    const after = new RunOnce(keeping({ state: 'other', differs: field === 'route' ? 'route' : 'body' }), noPause);
    await expect(after.answer(other, async () => created)).rejects.toThrow(`another ${field}`);
  });

  it('that fails is given back, so that a repeat may run', async () => {
    const operations = keeping();
    const once = new RunOnce(operations, noPause);
    await expect(once.answer(asked, () => Promise.reject(new Error('store away')))).rejects.toThrow('store away');
    await once.answer(asked, async () => ({ status: 503, body: '{}' }));
    expect(operations.released).toBe(2);
    expect(await once.answer(asked, async () => created)).toEqual(created);
  });

  it('that was taken over answers with what the other attempt said', async () => {
    const operations = keeping();
    const once = new RunOnce(operations, noPause);
    const answer = await once.answer(asked, async () => {
      const other = await operations.begin(asked);
      if (other.state === 'begun') await operations.answer(asked, other.attempt, { status: 201, body: 'theirs' });
      return { status: 201, body: 'ours' };
    });
    expect(answer.body).toBe('theirs');
  });

  it('that another process runs for long is told to ask again', async () => {
    const once = new RunOnce(keeping({ state: 'running' }), noPause);
    await expect(once.answer(asked, async () => created)).rejects.toMatchObject({ refusal: { code: 'conflict' } });
  });
});
