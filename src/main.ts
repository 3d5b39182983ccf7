// `stipend serve` runs the product; any other words are the command line client's, which needs none of the server.
import { loadConfig } from './config.ts';
import { startFailure } from './start-failure.ts';

const words = process.argv.slice(2);
if (words.length === 1 && words[0] === 'serve') {
  try {
    const config = loadConfig(process.env, process.cwd());
    const { serve } = await import('./serve.ts');
    await serve(config);
  } catch (error) {
    const failure = startFailure(error);
    process.stderr.write(`stipend: ${failure.words.replaceAll('\n', '\nstipend: ')}\n`);
    process.exitCode = failure.exitCode;
  }
} else {
  const { runCli } = await import('./cli/run.ts');
  const { stdout, stderr, stdin } = process;
  process.exitCode = await runCli(words, process.env, { stdout, stderr, stdin, cwd: process.cwd() });
}
