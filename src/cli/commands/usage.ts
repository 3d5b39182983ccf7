import type { Command } from 'commander';
import { fromMoney } from '../../contract/money.ts';
import { type UsageRecord, usageRecords } from '../../contract/usage.ts';
import { printList } from '../output/list.ts';
import { showCount, showMoney } from '../output/money.ts';
import { showTime } from '../output/time.ts';
import { listLimit, type Shell } from '../shell.ts';
import { principalPath } from './balance.ts';

interface UsageOptions {
  readonly service?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
}

export function addUsageCommand(program: Command, shell: Shell): void {
  program
    .command('usage')
    .description('what calls used and cost: your own, or a person’s, the newest first')
    .argument('[person]', 'id, e-mail address or external id (default: whose key you use)')
    .option('--service <service>', 'a service’s instead: id or name')
    .option('--from <time>', 'from this date or RFC 3339 time on')
    .option('--to <time>', 'before this date or RFC 3339 time')
    .addOption(listLimit())
    .action(async (who: string | undefined, options: UsageOptions, command: Command) => {
      const session = shell(command);
      const { service, from, to, limit } = options;
      const api = session.api(who === undefined && service === undefined ? 'own' : 'admin');
      const [, kind, id] = (await principalPath(api, who, service)).split('/');
      const query = { [kind === 'people' ? 'personId' : 'serviceId']: id, from, to };
      printList(session, await api.list<UsageRecord>(usageRecords, '/usage', query, limit), {
        columns: [
          { title: `At (${session.zone})` },
          { title: 'Model' },
          { title: 'Input', align: 'decimal' },
          { title: 'Cached', align: 'decimal' },
          { title: 'Output', align: 'decimal' },
          { title: 'Cost', align: 'decimal' },
          { title: 'Outcome' },
        ],
        row: (each) => [
          showTime(each.at, session.zone),
          each.model,
          ...showTokens(each),
          showMoney(fromMoney(each.cost)),
          each.book === 'test' ? `${each.outcome}, test` : each.outcome,
        ],
        none: 'No call yet.',
      });
    });
}

function showTokens({ usage }: UsageRecord): [string, string, string] {
  if (usage === undefined) return ['', '', ''];
  const input = usage.input + usage.inputAudio + usage.inputImage;
  const cached = usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
  const output = usage.output + usage.outputAudio + usage.outputImage;
  return [showCount(input), showCount(cached), showCount(output)];
}
