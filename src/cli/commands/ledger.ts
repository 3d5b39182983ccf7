import type { Command } from 'commander';
import { type Entry, entries, type Verdict, verdict } from '../../contract/ledger.ts';
import { fromMoney } from '../../contract/money.ts';
import { add, ZERO } from '../../core/money/amount.ts';
import { CommandFailure, EXIT } from '../exit.ts';
import { printList } from '../output/list.ts';
import { showCount, showMoney } from '../output/money.ts';
import { pairs } from '../output/table.ts';
import { showTime } from '../output/time.ts';
import { listLimit, type Shell } from '../shell.ts';

export function addLedgerCommands(program: Command, shell: Shell): void {
  const noun = program.command('ledger').description('the ledger, as an auditor reads it');

  noun
    .command('verify')
    .description(
      'add everything up again: exit code 0 when it holds, 1 when it does not, 2 when that could not be told',
    )
    .action(async (_options: object, command: Command) => {
      const session = shell(command);
      const found = await session.api('admin').get(verdict, '/ledger/verify', {}, 'long').catch(untold);
      session.print(found, () => showVerdict(found));
      if (!found.ok)
        throw new CommandFailure(EXIT.refused, `The ledger does not hold: ${found.findings.join(' ') || 'see above.'}`);
    });

  noun
    .command('entries')
    .description('list journal entries, the newest first')
    .addOption(listLimit())
    .action(async ({ limit }: { limit: number }, command: Command) => {
      const session = shell(command);
      printList(session, await session.api('admin').list<Entry>(entries, '/ledger/entries', {}, limit), {
        columns: [
          { title: `At (${session.zone})` },
          { title: 'Cause' },
          { title: 'Amount', align: 'decimal' },
          { title: 'Book' },
          { title: 'Operation' },
        ],
        row: (each) => [
          showTime(each.at, session.zone),
          each.cause,
          showMoney(movedBy(each)),
          each.book,
          each.operationId,
        ],
        none: 'No entry yet.',
      });
    });
}

/** A refused key, too, leaves open whether the ledger holds: 1 is for one that does not. */
function untold(failure: unknown): never {
  if (!(failure instanceof CommandFailure)) throw failure;
  throw new CommandFailure(EXIT.unknown, failure.message, { cause: failure });
}

function movedBy({ transfers }: Entry) {
  return transfers.reduce((sum, { amount }) => add(sum, fromMoney(amount)), ZERO);
}

function showVerdict(found: Verdict): string {
  return pairs([
    ['verdict', found.ok ? 'holds' : 'does not hold'],
    ['entries', showCount(found.entries)],
    ['debits', showMoney(fromMoney(found.debits))],
    ['credits', showMoney(fromMoney(found.credits))],
    ['open holds', showCount(found.openHolds)],
    ['negative accounts', showCount(found.negativeAccounts)],
    ['audit', found.auditOk ? 'holds' : 'does not hold'],
  ]);
}
