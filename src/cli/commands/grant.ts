import type { Command } from 'commander';
import { type Grant, grant, grants } from '../../contract/grant.ts';
import { fromMoney, type Money } from '../../contract/money.ts';
import { readBudget, readCount, readDate, readMoney, today } from '../arguments.ts';
import { personId, poolId } from '../lookup.ts';
import { printList } from '../output/list.ts';
import { showMoney } from '../output/money.ts';
import { listLimit, type Shell } from '../shell.ts';

interface AwardOptions {
  readonly pool?: string;
  readonly effectiveOn?: string;
  readonly expiresOn?: string;
  readonly priority?: number;
  readonly rolloverMost?: Money;
  readonly rolloverLeast?: Money;
  readonly rolloverExpiresOn?: string;
  readonly kind?: string;
  readonly taxTreatment?: string;
  readonly note?: string;
}

export function addGrantCommands(program: Command, shell: Shell): void {
  const noun = program.command('grant').description('grants, the promises of a budget to a person');

  noun
    .command('award')
    .description('grant a person a budget')
    .argument('<person>', 'id, e-mail address or external id')
    .argument('<budget>', 'dollars, such as 1200, or a share of base salary, such as 50%', readBudget)
    .option('--pool <pool>', 'the pool that gives it, by id or name (default: the company)')
    .option('--effective-on <date>', 'the first day on which it can be spent (default: today in UTC)', readDate)
    .option('--expires-on <date>', 'the first day on which it no longer can', readDate)
    .option('--priority <number>', 'lower is spent first (default: 100)', readCount(0, 1_000))
    .option('--rollover-most <dollars>', 'keep at most this much of what is left when it expires', readMoney)
    .option('--rollover-least <dollars>', 'keep at least this much, if there is so much left', readMoney)
    .option('--rollover-expires-on <date>', 'until when what was kept can be spent', readDate)
    .option('--kind <kind>', 'your own word for this kind of grant')
    .option('--tax-treatment <treatment>', 'WORKING_CONDITION, TAXABLE_COMPENSATION or MIXED')
    .option('--note <text>')
    .action(async (who: string, budget: ReturnType<typeof readBudget>, options: AwardOptions, command: Command) => {
      const session = shell(command);
      const api = session.api('admin');
      const { pool, effectiveOn = today(), rolloverMost, rolloverLeast, rolloverExpiresOn, ...rest } = options;
      const rollover = { most: rolloverMost, least: rolloverLeast, expiresOn: rolloverExpiresOn };
      const awarded = await api.post(grant, '/grants', {
        personId: await personId(api, who),
        ...budget,
        effectiveOn,
        ...(pool === undefined ? {} : { poolId: await poolId(api, pool) }),
        ...(Object.values(rollover).every((part) => part === undefined) ? {} : { rollover }),
        ...rest,
      });
      session.print(awarded, () => `Granted ${describe(awarded)} to ${who}, id ${awarded.id}.`);
    });

  noun
    .command('list')
    .description('list grants')
    .argument('[person]', 'only this person’s: id, e-mail address or external id')
    .addOption(listLimit())
    .action(async (who: string | undefined, { limit }: { limit: number }, command: Command) => {
      const session = shell(command);
      const api = session.api('admin');
      const query = who === undefined ? {} : { personId: await personId(api, who) };
      printList(session, await api.list<Grant>(grants, '/grants', query, limit), {
        columns: [
          { title: 'Amount', align: 'decimal' },
          { title: 'From' },
          { title: 'Until' },
          { title: 'State' },
          { title: 'Person' },
          { title: 'Id' },
        ],
        row: (each) => [
          showMoney(fromMoney(each.amount)),
          each.effectiveOn,
          each.expiresOn ?? 'no end',
          each.state,
          each.personId,
          each.id,
        ],
        none: 'No grant yet: award one with `stipend grant award <person> <budget>`.',
      });
    });
}

function describe(awarded: Grant): string {
  const share = awarded.percentOfBase === undefined ? '' : ` (${awarded.percentOfBase}% of base salary)`;
  const end = awarded.expiresOn === undefined ? '' : ` until ${awarded.expiresOn}`;
  return `${showMoney(fromMoney(awarded.amount))}${share}, spendable from ${awarded.effectiveOn}${end},`;
}
