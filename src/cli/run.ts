import { type Command, CommanderError } from 'commander';
import { CommandFailure, EXIT, type ExitCode } from './exit.ts';
import { paint, wantsColour } from './output/paint.ts';
import { buildProgram } from './program.ts';
import { type Environment, type Io, Session } from './session.ts';

/**
 * Runs one command line.
 *
 * @param argv the words after `stipend`
 * @returns the exit code: 0 done, 1 refused or found wrong, 2 could not tell, 64 wrong usage; it never throws for
 *   anything a person or a server can do
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
  try {
    await program.parseAsync(argv, { from: 'user' });
    return EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!(error instanceof CommandFailure)) throw error;
    io.stderr.write(`${paint('stipend:', 'red', wantsColour(io.stderr, environment))} ${error.message}\n`);
    return error.exitCode;
  }
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
