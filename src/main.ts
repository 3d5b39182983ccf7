// `stipend serve` runs the product; any other words are the command line client's, which needs none of the server.
import { ConfigError, loadConfig } from './config.ts';

/** EX_CONFIG and EX_UNAVAILABLE of sysexits.h. */
const EXIT_CONFIG = 78;
const EXIT_UNAVAILABLE = 69;

/** Refusals to start whose message tells the operator what to do. */
const TOLD_TO_OPERATORS = ['UnfitDatabase', 'InstallationMismatch', 'EmbeddedRefused'];

/** What an operator can mend gets its own code and one readable message; anything else is a defect and shows its stack. */
function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigError) return error.exitCode;
  if (!(error instanceof Error)) return 1;
  if (TOLD_TO_OPERATORS.includes(error.name)) return EXIT_CONFIG;
  const { code, syscall }: NodeJS.ErrnoException = error;
  return code === 'ECONNREFUSED' || code === 'ENOTFOUND' || syscall === 'listen' ? EXIT_UNAVAILABLE : 1;
}

function sayWhy(error: unknown): number {
  const exitCode = exitCodeOf(error);
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(`stipend: ${(exitCode === 1 ? (stack ?? message) : message).replaceAll('\n', '\nstipend: ')}\n`);
  return exitCode;
}

const words = process.argv.slice(2);
if (words.length === 1 && words[0] === 'serve') {
  try {
    const config = loadConfig(process.env, process.cwd());
    const { serve } = await import('./serve.ts');
    await serve(config);
  } catch (error) {
    process.exitCode = sayWhy(error);
  }
} else {
  const { runCli } = await import('./cli/run.ts');
  const { stdout, stderr, stdin } = process;
  process.exitCode = await runCli(words, process.env, { stdout, stderr, stdin, cwd: process.cwd() });
}
