import type { Command } from 'commander';
import { fromMoney, type Money } from '../../contract/money.ts';
import { funding, type Pool, pool, pools } from '../../contract/pool.ts';
import { readDate, readMoney } from '../arguments.ts';
import { poolId } from '../lookup.ts';
import { printList } from '../output/list.ts';
import { showMoney } from '../output/money.ts';
import { showTime } from '../output/time.ts';
import { listLimit, type Shell } from '../shell.ts';

interface FundingOptions {
  readonly effectiveOn?: string;
  readonly expiresOn?: string;
  readonly note?: string;
}

export function addPoolCommands(program: Command, shell: Shell): void {
  const noun = program
    .command('pool')
    .description('pools, which hold a team’s or the company’s money for grants and services');

  noun
    .command('add')
    .description('add a pool')
    .argument('<name>', 'the pool’s name')
    .option('--description <text>')
    .action(async (name: string, options: { description?: string }, command: Command) => {
      const session = shell(command);
      const added = await session.api('admin').post(pool, '/pools', { name, ...options });
      session.print(added, () => `Added the pool ${added.name}, id ${added.id}.`);
    });

  noun
    .command('fund')
    .description('put company money into a pool')
    .argument('<pool>', 'id or name')
    .argument('<dollars>', 'how much', readMoney)
    .option('--effective-on <date>', 'the first day on which it can be spent (default: today)', readDate)
    .option('--expires-on <date>', 'the first day on which it no longer can', readDate)
    .option('--note <text>')
    .action(async (which: string, amount: Money, options: FundingOptions, command: Command) => {
      const session = shell(command);
      const api = session.api('admin');
      const done = await api.post(funding, `/pools/${await poolId(api, which)}/fundings`, { amount, ...options });
      session.print(
        done,
        () => `Put ${showMoney(fromMoney(done.amount))} into ${which}, spendable from ${done.effectiveOn}.`,
      );
    });

  noun
    .command('list')
    .description('list pools')
    .addOption(listLimit())
    .action(async ({ limit }: { limit: number }, command: Command) => {
      const session = shell(command);
      printList(session, await session.api('admin').list<Pool>(pools, '/pools', {}, limit), {
        columns: [{ title: 'Name' }, { title: 'Description' }, { title: `Added (${session.zone})` }, { title: 'Id' }],
        row: (each) => [each.name, each.description ?? '', showTime(each.createdAt, session.zone), each.id],
        none: 'No pool yet: add one with `stipend pool add <name>`.',
      });
    });
}
