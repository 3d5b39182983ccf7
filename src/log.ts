/** The operator's log: one JSON line an event, on standard error, so that standard output stays for people. */
import { destination, pino, stdTimeFunctions } from 'pino';
import type { Log } from './app/ports.ts';

/** Errors are written with their causes and stacks; nothing else of theirs is. */
export function openLog(): Log {
  const logger = pino(
    { base: null, timestamp: stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    destination({ fd: 2, sync: false }),
  );
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (message: string, facts: Readonly<Record<string, unknown>> = {}) => {
      const { error, ...rest } = facts;
      logger[level]({ ...rest, ...(error === undefined ? {} : { err: error }) }, message);
    };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}
