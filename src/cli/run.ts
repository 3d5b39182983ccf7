import { debuglog } from 'node:util';
import { type Command, CommanderError } from 'commander';
import { CommandFailure, EXIT, type ExitCode } from './exit.ts';
import { paint, wantsColour } from './output/paint.ts';
import { buildProgram } from './program.ts';
import { type Environment, type Io, Session } from './session.ts';

/** Where the cause of a failure can be seen: `NODE_DEBUG=stipend`. */
const debug = debuglog('stipend');

/**
 * Runs one command line.
 *
 * @param argv the words after `stipend`
 * @returns the exit code: 0 done, 1 refused or found wrong, 2 could not tell, 64 wrong usage; it never throws
 */
export async function runCli(argv: readonly string[], environment: Environment, io: Io): Promise<ExitCode> {
  const program = buildProgram((command) => new Session(command, environment, io));
  for (const each of withSubcommands(program)) {
    each.exitOverride().configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHasColors: () => wantsColour(io.stdout, environment),
      getErrHasColors: () => wantsColour(io.stderr, environment),
    });
  }
  for (const stream of [io.stdout, io.stderr]) stream.on('error', ignoreClosedPipe);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const failure = error instanceof CommandFailure ? error : unforeseen(error);
    debug('%o', error);
    io.stderr.write(`${paint('stipend:', 'red', wantsColour(io.stderr, environment))} ${failure.message}\n`);
    return failure.exitCode;
  }
}

/** What the operating system refused is the person's to mend; anything else is a fault of this program. */
function unforeseen(error: unknown): CommandFailure {
  const what = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && 'syscall' in error) return new CommandFailure(EXIT.refused, `${what}.`);
  return new CommandFailure(EXIT.unknown, `this should not have happened (${what}); NODE_DEBUG=stipend shows where.`);
}

/** A reader that has seen enough, such as `head`, closes the pipe: nobody is left to be told. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
