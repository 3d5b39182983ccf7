import type { Command } from 'commander';
import { type Service, service, services } from '../../contract/service.ts';
import { personId, poolId } from '../lookup.ts';
import { printList } from '../output/list.ts';
import { listLimit, type Shell } from '../shell.ts';

export function addServiceCommands(program: Command, shell: Shell): void {
  const noun = program.command('service').description('service principals: continuous integration, a team’s agent');

  noun
    .command('add')
    .description('add a service that a pool pays for')
    .argument('<name>', 'the service’s name')
    .requiredOption('--pool <pool>', 'the pool that pays for it, by id or name')
    .requiredOption('--steward <person>', 'the person who answers for it, by id or e-mail address')
    .action(async (name: string, options: { pool: string; steward: string }, command: Command) => {
      const session = shell(command);
      const api = session.api('admin');
      const owner = { poolId: await poolId(api, options.pool), stewardId: await personId(api, options.steward) };
      const added = await api.post(service, '/services', { name, ...owner });
      session.print(added, () => `Added the service ${added.name}, id ${added.id}.`);
    });

  noun
    .command('list')
    .description('list services')
    .addOption(listLimit())
    .action(async ({ limit }: { limit: number }, command: Command) => {
      const session = shell(command);
      printList(session, await session.api('admin').list<Service>(services, '/services', {}, limit), {
        columns: [{ title: 'Name' }, { title: 'Status' }, { title: 'Steward' }, { title: 'Pool' }, { title: 'Id' }],
        row: (each) => [each.name, each.status, each.stewardId, each.poolId, each.id],
        none: 'No service yet: add one with `stipend service add <name> --pool <pool> --steward <person>`.',
      });
    });
}
