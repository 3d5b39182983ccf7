import { Argument, type Command } from 'commander';
import { CLIENTS, type Client, edited, type Target } from '../connect/clients.ts';
import { SDKS, type Sdk } from '../connect/sdks.ts';
import { Uneditable } from '../connect/setting.ts';
import { planChanges, showChange, writeChange } from '../connect/settings-change.ts';
import { CommandFailure, EXIT } from '../exit.ts';
import { paint } from '../output/paint.ts';
import type { Session } from '../session.ts';
import type { Shell } from '../shell.ts';

/** What stands for the key where none was given. */
const PLACEHOLDER = 'stp_live_YOUR_KEY';

export function addConnectCommand(program: Command, shell: Shell): void {
  program
    .command('connect')
    .description('set a client up to work through Stipend: prints how, or with --write does it')
    .addArgument(new Argument('<client>', 'which client').choices([...CLIENTS, ...SDKS].map(({ name }) => name)))
    .option('--write', 'change the client’s own settings files, and keep a copy of each beside it')
    .action((name: string, options: { write?: boolean }, command: Command) => {
      const session = shell(command);
      const target: Target = { server: session.server, key: keyFor(session) ?? PLACEHOLDER };
      const client = CLIENTS.find((each) => each.name === name);
      if (options.write && !client) {
        throw new CommandFailure(
          EXIT.usage,
          `An SDK has no settings file: set what \`stipend connect ${name}\` prints.`,
        );
      }
      if (options.write && target.key === PLACEHOLDER) {
        throw new CommandFailure(EXIT.usage, 'Pass the key to write in STIPEND_KEY or with --key.');
      }
      if (client && options.write) writeSetup(session, client, target);
      else if (client) printSetup(session, client, target);
      else for (const sdk of SDKS.filter((each) => each.name === name)) printSdk(session, sdk, target);
    });
}

function keyFor(session: Session): string | undefined {
  const key = session.virtualKey();
  if (key !== undefined && !key.startsWith('stp_live_')) {
    throw new CommandFailure(
      EXIT.usage,
      'A client is given a virtual key, which begins with stp_live_: make one with `stipend key create`.',
    );
  }
  return key;
}

function printSetup(session: Session, client: Client, target: Target): void {
  const files = client
    .files(session.environment, target)
    .map((file) => ({ path: file.paths[0], text: edited(file, undefined) }));
  session.print({ client: client.name, files, firstPrompt: client.firstPrompt, notes: client.notes }, () =>
    [
      ...files.map(({ path, text }) => `${paint(`# ${path}`, 'bold', session.colour)}\n${text}`),
      ...client.notes,
      `Then try it: ${client.firstPrompt}`,
    ].join('\n'),
  );
  session.note(`To have these files changed for you: stipend connect ${client.name} --write`);
}

function writeSetup(session: Session, client: Client, target: Target): void {
  const at = new Date();
  const changes = plan(client, session, target);
  const written = changes.map((change) => ({ path: change.path, kept: writeChange(change, at) }));
  session.print({ client: client.name, written }, () => {
    if (written.length === 0) return `${client.title} is set up already: nothing was changed.`;
    const kept = written.flatMap((each) => (each.kept === undefined ? [] : [`The file as it was: ${each.kept}`]));
    return [...changes.map(showChange), ...kept, ...client.notes, `Now try it: ${client.firstPrompt}`].join('\n');
  });
  for (const name of client.quarrels.filter((each) => session.environment[each])) {
    session.note(`Your shell sets ${name}, which quarrels with these files: unset it.`);
  }
}

function plan(client: Client, session: Session, target: Target) {
  try {
    return planChanges(client.files(session.environment, target));
  } catch (error) {
    if (!(error instanceof Uneditable)) throw error;
    const advice = `\`stipend connect ${client.name}\` prints what to put there by hand.`;
    throw new CommandFailure(EXIT.refused, `${error.message}; ${advice}`, { cause: error });
  }
}

function printSdk(session: Session, sdk: Sdk, target: Target): void {
  const variables = sdk.variables(target);
  const snippets = sdk.snippets(target);
  session.print({ client: sdk.name, variables, snippets }, () =>
    [
      '# in the environment',
      ...Object.entries(variables).map(([name, value]) => `export ${name}=${value}`),
      ...snippets.map(({ language, code }) => `\n# or in ${language}\n${code}`),
    ].join('\n'),
  );
}
