import { type Command, Option } from 'commander';
import { readCount } from './arguments.ts';
import type { Session } from './session.ts';

/** Opens the session of the command that runs: commands are told where they are by whoever builds the program. */
export type Shell = (command: Command) => Session;

/** `--limit`, the same for every list. */
export function listLimit(): Option {
  return new Option('--limit <count>', 'how many at most').argParser(readCount(1, 100_000)).default(50);
}
