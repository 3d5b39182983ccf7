/** Runs each job again and again, one run of it at a time. A run that fails is logged and the next one comes as planned. */
import type { Log } from '../app/ports.ts';

export interface Job {
  readonly name: string;
  /** Milliseconds from the end of one run to the beginning of the next. */
  readonly everyMs: number;
  readonly run: () => Promise<void>;
}

/** Starts the jobs. The function returned stops them and resolves when the runs under way have ended. */
export function startJobs(jobs: readonly Job[], log: Log): () => Promise<void> {
  const stop = new AbortController();
  const loops = jobs.map((job) => repeat(job, log, stop.signal));
  return async () => {
    stop.abort();
    await Promise.all(loops);
  };
}

async function repeat(job: Job, log: Log, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      await job.run();
    } catch (error) {
      log.error('a job failed and will run again', { job: job.name, error });
    }
    await pause(job.everyMs, stop);
  }
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  if (stop.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    stop.addEventListener('abort', wake);
  });
}
