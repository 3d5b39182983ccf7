import type { Command } from 'commander';
import { type Admin, admin, admins, shownAdmin } from '../../contract/admin.ts';
import { printList } from '../output/list.ts';
import { showTime } from '../output/time.ts';
import { listLimit, type Shell } from '../shell.ts';

export function addAdminCommands(program: Command, shell: Shell): void {
  const noun = program.command('admin').description('administrators: what needs two people needs two admin keys');

  noun
    .command('add')
    .description('add an administrator, and show the admin key this once')
    .argument('<name>', 'whose key it will be')
    .action(async (name: string, _options: object, command: Command) => {
      const session = shell(command);
      const added = await session.api('admin').post(shownAdmin, '/admins', { name });
      session.print(added, () => added.key);
      session.note(`This admin key of ${added.name} is shown this once (its id is ${added.id}).`);
    });

  noun
    .command('list')
    .description('list administrators; no key is ever shown again')
    .addOption(listLimit())
    .action(async ({ limit }: { limit: number }, command: Command) => {
      const session = shell(command);
      printList(session, await session.api('admin').list<Admin>(admins, '/admins', {}, limit), {
        columns: [{ title: 'Name' }, { title: 'State' }, { title: `Added (${session.zone})` }, { title: 'Id' }],
        row: (each) => [
          each.name,
          each.revokedAt === undefined ? 'works' : 'revoked',
          showTime(each.createdAt, session.zone),
          each.id,
        ],
        none: 'Nobody but the installation’s own admin key: add one with `stipend admin add <name>`.',
      });
    });

  noun
    .command('revoke')
    .description('end an admin key')
    .argument('<admin>', 'the administrator’s id')
    .action(async (id: string, _options: object, command: Command) => {
      const session = shell(command);
      const api = session.api('admin');
      await session.confirm(`Revoke the admin key ${id}?`);
      const revoked = await api.delete(admin, `/admins/${encodeURIComponent(id)}`);
      session.print(revoked, () => `Revoked the admin key of ${revoked.name}, id ${revoked.id}.`);
    });
}
