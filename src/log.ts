/** The operator's log: one JSON line an event, on standard error, so that standard output stays for people. */
import { destination, pino, stdTimeFunctions } from 'pino';
import type { Log } from './app/ports.ts';

/** Causes are followed this far; a longer chain goes round in a circle. */
const CAUSES_MOST = 5;

/**
 * What is written of an error. Only these: libraries hang whole connections on their errors, with what was sent on them.
 */
function told(error: unknown, causes = CAUSES_MOST): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause, code }: NodeJS.ErrnoException = error;
  return {
    type: name,
    message,
    ...(code === undefined ? {} : { code }),
    stack,
    ...(cause === undefined || causes === 0 ? {} : { cause: told(cause, causes - 1) }),
  };
}

/** Opens it on `fd`, standard error unless told otherwise. A fact named `error` is written with its causes and stacks. */
export function openLog(fd: number | string = 2): Log {
  const logger = pino(
    { base: null, timestamp: stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    destination({ dest: fd, sync: true }),
  );
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (message: string, facts: Readonly<Record<string, unknown>> = {}) => {
      const { error, ...rest } = facts;
      logger[level](error === undefined ? rest : { ...rest, error: told(error) }, message);
    };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}
