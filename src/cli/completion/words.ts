import type { Command } from 'commander';

/** What may follow a command's words. */
export interface Words {
  /** The words so far, without the program's own name: `['key', 'create']`. */
  readonly path: readonly string[];
  readonly next: readonly Word[];
}

interface Word {
  readonly text: string;
  readonly description: string;
}

/** Every command of a program with the subcommands, choices and options that may follow it. */
export function wordsOf(program: Command): Words[] {
  const globals = program.options.map(asWord);
  const walk = (command: Command, path: readonly string[]): Words[] => {
    const subcommands = command.commands.map((each) => ({ text: each.name(), description: each.description() }));
    const choices = command.registeredArguments.flatMap(({ argChoices = [], description }) =>
      argChoices.map((text) => ({ text, description })),
    );
    const options = command === program ? [] : command.options.map(asWord);
    const next = [...subcommands, ...choices, ...options, ...globals];
    return [{ path, next }, ...command.commands.flatMap((each) => walk(each, [...path, each.name()]))];
  };
  return walk(program, []);
}

function asWord({ long, flags, description }: { long?: string | undefined; flags: string; description: string }): Word {
  return { text: long ?? flags, description };
}
