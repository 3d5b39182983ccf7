import { expect, it } from 'vitest';
import { type Job, startJobs } from './schedule.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A job that tells when it has run `times` times. */
function counted(times: number, run: (count: number) => Promise<void>): { job: Job; reached: Promise<void> } {
  const reached = Promise.withResolvers<void>();
  let count = 0;
  const job = {
    name: 'counted',
    everyMs: 0,
    run: async () => {
      count += 1;
      if (count === times) reached.resolve();
      await run(count);
    },
  };
  return { job, reached: reached.promise };
}

it('a job that fails runs again', async () => {
  const errors: string[] = [];
  const { job, reached } = counted(3, () => Promise.reject(new Error('no')));
  const stop = startJobs([job], { ...silent, error: (message) => errors.push(message) });
  await reached;
  await stop();
  expect(errors.length).toBeGreaterThanOrEqual(2);
});

it('stopping waits for the run under way and starts no other', async () => {
  const finish = Promise.withResolvers<void>();
  let ended = 0;
  const { job, reached } = counted(1, async () => {
    await finish.promise;
    ended += 1;
  });
  const stop = startJobs([job], silent);
  await reached;
  const stopped = stop();
  finish.resolve();
  await stopped;
  expect(ended).toBe(1);
});
