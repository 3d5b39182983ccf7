/** Writes docs/reference/cli.md from the program itself: `node scripts/cli-reference.ts > docs/reference/cli.md`. */
import type { Command } from 'commander';
import { CommandFailure, EXIT } from '../src/cli/exit.ts';
import { buildProgram } from '../src/cli/program.ts';

/** The reference of every command, in the order in which `stipend --help` lists them. */
export function cliReference(): string {
  const program = buildProgram(() => {
    throw new CommandFailure(EXIT.usage, 'The reference runs no command.');
  });
  return [
    '# The `stipend` command line',
    '<!-- Written by scripts/cli-reference.ts; change the commands in src/cli/commands and run it again. -->',
    program.description(),
    'A person is named by id, e-mail address or external id; a pool or a service by id or name. Money is dollars: `1200`, `$1,200.50`. Times are shown in the zone of your machine, which is named beside them.',
    '| exit code | means |\n|---|---|\n| 0 | done |\n| 1 | refused, or found wrong |\n| 2 | could not tell: the server did not answer |\n| 64 | the command line is wrong |',
    '| variable | holds |\n|---|---|\n| `STIPEND_URL` | the server’s address |\n| `STIPEND_KEY`, `STIPEND_KEY_FILE` | your own key, or a file that holds it |\n| `STIPEND_ADMIN_KEY`, `STIPEND_ADMIN_KEY_FILE` | an admin key, which `npm start` printed once, at its first start |\n| `NO_COLOR` | anything: no colour |',
    '## Options of every command',
    optionTable(program),
    ...program.commands.flatMap((command) => section(command, 'stipend')),
  ]
    .join('\n\n')
    .concat('\n');
}

function section(command: Command, parent: string): string[] {
  const name = `${parent} ${command.name()}`;
  const words = command.registeredArguments.map((each) => (each.required ? `<${each.name()}>` : `[${each.name()}]`));
  const options = command.options.length > 0 ? ['[options]'] : [];
  if (command.commands.length > 0) {
    return [`## ${name}`, sentence(command.description()), ...command.commands.flatMap((each) => section(each, name))];
  }
  const level = parent === 'stipend' ? '##' : '###';
  return [
    `${level} ${name}`,
    sentence(command.description()),
    `\`\`\`sh\n${[name, ...words, ...options].join(' ')}\n\`\`\``,
    ...(command.registeredArguments.length > 0 ? [argumentTable(command)] : []),
    ...(command.options.length > 0 ? [optionTable(command)] : []),
  ];
}

function argumentTable(command: Command): string {
  return rows(
    'argument',
    command.registeredArguments.map((each) => [each.name(), withChoices(each.description, each.argChoices)]),
  );
}

function optionTable(command: Command): string {
  return rows(
    'option',
    command.options.map((each) => [
      each.flags,
      [
        each.description,
        each.mandatory ? 'required' : '',
        each.defaultValue === undefined ? '' : `default: ${each.defaultValue}`,
      ]
        .filter((part) => part !== '')
        .join('; '),
    ]),
  );
}

function rows(kind: string, entries: readonly (readonly [string, string])[]): string {
  return [
    `| ${kind} | |`,
    '|---|---|',
    ...entries.map(([name, text]) => `| \`${name}\` | ${text.replaceAll('|', '\\|')} |`),
  ].join('\n');
}

function withChoices(description: string, choices: readonly string[] = []): string {
  return choices.length === 0 ? description : `${description}: ${choices.map((each) => `\`${each}\``).join(', ')}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

if (import.meta.main) process.stdout.write(cliReference());
