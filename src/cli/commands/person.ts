import { type Command, Option } from 'commander';
import type { Money } from '../../contract/money.ts';
import { fromMoney } from '../../contract/money.ts';
import { type Person, people, person } from '../../contract/person.ts';
import { readDate, readMoney, today } from '../arguments.ts';
import { CommandFailure, EXIT } from '../exit.ts';
import { personId } from '../lookup.ts';
import { printList } from '../output/list.ts';
import { showMoney } from '../output/money.ts';
import { pairs } from '../output/table.ts';
import { showTime } from '../output/time.ts';
import type { Session } from '../session.ts';
import { listLimit, type Shell } from '../shell.ts';

interface PersonFacts {
  readonly startDate?: string;
  readonly baseSalary?: Money;
  readonly externalId?: string;
  readonly department?: string;
  readonly team?: string;
  readonly jobFamily?: string;
  readonly level?: string;
  readonly location?: string;
  readonly managerEmail?: string;
}

interface PersonChange extends PersonFacts {
  readonly email?: string;
  readonly name?: string;
  readonly status?: string;
}

export function addPersonCommands(program: Command, shell: Shell): void {
  const noun = program.command('person').description('people, who are granted budgets');

  const add = noun
    .command('add')
    .description('add a person')
    .argument('<email>', 'the person’s e-mail address')
    .argument('<name>', 'the person’s name')
    .option('--start-date <date>', 'the first day at work (default: today)', readDate);
  withFacts(add).action(async (email: string, name: string, facts: PersonFacts, command: Command) => {
    const session = shell(command);
    const { startDate = today(), ...rest } = facts;
    const added = await session.api('admin').post(person, '/people', { email, name, startDate, ...rest });
    session.print(added, () => `Added ${added.name} <${added.email}>, id ${added.id}.`);
  });

  addChange(noun, shell);

  noun
    .command('list')
    .description('list people')
    .addOption(listLimit())
    .action(async ({ limit }: { limit: number }, command: Command) => {
      const session = shell(command);
      printList(session, await session.api('admin').list<Person>(people, '/people', {}, limit), {
        columns: [{ title: 'Name' }, { title: 'E-mail' }, { title: 'Team' }, { title: 'Status' }, { title: 'Id' }],
        row: (each) => [each.name, each.email, each.team ?? '', each.status, each.id],
        none: 'Nobody yet: add the first with `stipend person add <email> <name>`.',
      });
    });

  noun
    .command('show')
    .description('show one person')
    .argument('<person>', 'id, e-mail address or external id')
    .action(async (who: string, _options: object, command: Command) => {
      const session = shell(command);
      const api = session.api('admin');
      const found = await api.get(person, `/people/${await personId(api, who)}`);
      session.print(found, () => showPerson(session, found));
    });
}

function addChange(noun: Command, shell: Shell): void {
  const change = noun
    .command('change')
    .description('change what is known of a person; what is not named stays')
    .argument('<person>', 'id, e-mail address or external id')
    .option('--email <email>', 'the person’s e-mail address')
    .option('--name <name>', 'the person’s name')
    .option('--start-date <date>', 'the first day at work', readDate)
    .addOption(
      new Option('--status <status>', 'active, or suspended: then the person’s keys are refused').choices([
        'active',
        'suspended',
      ]),
    );
  withFacts(change).action(async (who: string, changes: PersonChange, command: Command) => {
    const session = shell(command);
    if (Object.keys(changes).length === 0)
      throw new CommandFailure(EXIT.usage, 'Name what changes, for example --base-salary 96000.');
    const api = session.api('admin');
    const changed = await api.patch(person, `/people/${await personId(api, who)}`, changes);
    session.print(changed, () => showPerson(session, changed));
  });
}

/** The facts that a person can be added with and that can change later. */
function withFacts(command: Command): Command {
  return command
    .option('--base-salary <dollars>', 'a year’s base salary, for grants in percent of it', readMoney)
    .option('--external-id <id>', 'the id in your HR system')
    .option('--department <name>')
    .option('--team <name>')
    .option('--job-family <name>')
    .option('--level <name>')
    .option('--location <name>')
    .option('--manager-email <email>');
}

function showPerson(session: Session, found: Person): string {
  const facts: [string, string | undefined][] = [
    ['name', found.name],
    ['e-mail', found.email],
    ['id', found.id],
    ['external id', found.externalId],
    ['status', found.status],
    ['start date', found.startDate],
    ['department', found.department],
    ['team', found.team],
    ['job family', found.jobFamily],
    ['level', found.level],
    ['location', found.location],
    ['manager', found.managerEmail],
    ['base salary', found.baseSalary && showMoney(fromMoney(found.baseSalary))],
    ['full-time share', found.fte?.toString()],
    ['added', `${showTime(found.createdAt, session.zone)} ${session.zone}`],
  ];
  return pairs(facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}
