/**
 * A request under an idempotency key has one effect and one answer, for ever: in this process by sharing the run, over
 * processes by the kept operation, after a crash by running again with the same ids.
 */
import { refused } from '../../core/errors.ts';
import type { AskedOnce, GivenAnswer, Operations } from '../ports/operations.ts';

/** Runs the request with the id that its new ids are derived from. */
export type Run = (operationId: string) => Promise<GivenAnswer>;

/** How often and how long one process waits for the other that runs the same request. */
const WAITS_MS = [25, 50, 100, 200, 400, 800, 1_600, 3_200];

/** Above this an answer is not kept: what failed for want of a part may be tried again. */
const KEPT_BELOW_STATUS = 500;

export class RunOnce {
  readonly #operations: Operations;
  readonly #pause: (ms: number) => Promise<void>;
  readonly #running = new Map<string, { readonly asked: AskedOnce; readonly answer: Promise<GivenAnswer> }>();

  constructor(operations: Operations, pause: (ms: number) => Promise<void>) {
    this.#operations = operations;
    this.#pause = pause;
  }

  /**
   * The first answer to the same request, or the run's. Throws `Refused`: `unprocessable` when the key was used for
   * something else; `conflict` while another process has been running it for long; and whatever the run throws.
   */
  answer(asked: AskedOnce, run: Run): Promise<GivenAnswer> {
    const name = JSON.stringify([asked.caller, asked.idempotencyKey]);
    const running = this.#running.get(name);
    if (running) {
      const differs = differing(running.asked, asked);
      return differs === undefined ? running.answer : Promise.reject(usedOtherwise(differs));
    }
    const answer = this.#answerOverProcesses(asked, run).finally(() => this.#running.delete(name));
    this.#running.set(name, { asked, answer });
    return answer;
  }

  async #answerOverProcesses(asked: AskedOnce, run: Run): Promise<GivenAnswer> {
    for (const wait of [...WAITS_MS, 0]) {
      const state = await this.#operations.begin(asked);
      if (state.state === 'answered') return state.answer;
      if (state.state === 'other') throw usedOtherwise(state.differs);
      if (state.state === 'begun') {
        const answer = await this.#run(asked, state, run);
        if (answer) return answer;
      }
      await this.#pause(wait);
    }
    throw refused('conflict', 'The same request is still running; ask again for its answer.', { retryAfterSeconds: 1 });
  }

  /** `undefined`: another attempt took over while this one ran, and its answer is the one that counts. */
  async #run(
    asked: AskedOnce,
    begun: { readonly id: string; readonly attempt: number },
    run: Run,
  ): Promise<GivenAnswer | undefined> {
    let answer: GivenAnswer | undefined;
    try {
      answer = await run(begun.id);
    } finally {
      if (!answer || answer.status >= KEPT_BELOW_STATUS) await this.#operations.release(asked, begun.attempt);
    }
    if (answer.status >= KEPT_BELOW_STATUS) return answer;
    return (await this.#operations.answer(asked, begun.attempt, answer)) ? answer : undefined;
  }
}

function differing(one: AskedOnce, other: AskedOnce): 'route' | 'body' | undefined {
  if (one.route !== other.route) return 'route';
  return one.body === other.body ? undefined : 'body';
}

function usedOtherwise(differs: 'route' | 'body') {
  return refused('unprocessable', `This Idempotency-Key was used before with another ${differs}. Nothing was changed.`);
}
