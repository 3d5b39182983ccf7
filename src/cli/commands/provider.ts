import { Argument, type Command } from 'commander';
import { provider, providerName, providers } from '../../contract/provider.ts';
import { printList } from '../output/list.ts';
import type { Shell } from '../shell.ts';

export function addProviderCommands(program: Command, shell: Shell): void {
  const noun = program.command('provider').description('the model providers and the company’s credentials for them');

  noun
    .command('list')
    .description('list providers; no credential is ever shown')
    .action(async (_options: object, command: Command) => {
      const session = shell(command);
      const found = await session.api('admin').get(providers, '/providers');
      printList(session, found, {
        columns: [{ title: 'Provider' }, { title: 'Served by' }, { title: 'Credential' }, { title: 'Address' }],
        row: (each) => [each.name, each.servedBy, each.credential, each.baseUrl],
        none: 'No provider.',
      });
    });

  noun
    .command('set')
    .description('store a provider’s API key, read from standard input: `stipend provider set anthropic < key-file`')
    .addArgument(new Argument('<provider>', 'which provider').choices(providerName.options))
    .option('--base-url <url>', 'where it answers (default: the provider’s public address)')
    .action(async (name: string, options: { baseUrl?: string }, command: Command) => {
      const session = shell(command);
      const api = session.api('admin');
      const apiKey = await session.readInput(`the API key of ${name}`);
      const stored = await api.post(provider, '/providers', { name, apiKey, ...options });
      session.print(stored, () => `Stored the credential: ${stored.name} is now served by the ${stored.servedBy}.`);
    });
}
