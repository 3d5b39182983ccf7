import { Argument, type Command } from 'commander';
import { completionScript, SHELLS } from '../completion/scripts.ts';
import { wordsOf } from '../completion/words.ts';
import type { Shell } from '../shell.ts';

export function addCompletionCommand(program: Command, shell: Shell): void {
  program
    .command('completion')
    .description('print a completion script: `source <(stipend completion bash)`')
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .action((name: (typeof SHELLS)[number], _options: object, command: Command) => {
      shell(command).io.stdout.write(completionScript(name, wordsOf(program)));
    });
}
