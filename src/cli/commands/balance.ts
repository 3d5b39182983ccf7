import type { Command } from 'commander';
import { type Balance, balance } from '../../contract/balance.ts';
import { me } from '../../contract/me.ts';
import { fromMoney } from '../../contract/money.ts';
import type { Api } from '../api-client.ts';
import { CommandFailure, EXIT } from '../exit.ts';
import { personId, serviceId } from '../lookup.ts';
import { showMoney } from '../output/money.ts';
import { table } from '../output/table.ts';
import { showTime } from '../output/time.ts';
import type { Shell } from '../shell.ts';

interface BalanceOptions {
  readonly service?: string;
  readonly asOf?: string;
  readonly book?: string;
}

export function addBalanceCommand(program: Command, shell: Shell): void {
  program
    .command('balance')
    .description('what there is to spend: your own, or a person’s')
    .argument('[person]', 'id, e-mail address or external id (default: whose key you use)')
    .option('--service <service>', 'a service’s instead: id or name')
    .option('--as-of <time>', 'at another moment: a date, or an RFC 3339 time')
    .option('--book <book>', 'live or test (default: the one in force)')
    .action(async (who: string | undefined, options: BalanceOptions, command: Command) => {
      const session = shell(command);
      const api = session.api(who === undefined && options.service === undefined ? 'own' : 'admin');
      const path = await principalPath(api, who, options.service);
      const found = await api.get(balance, `${path}/balance`, { asOf: options.asOf, book: options.book });
      session.print(found, () => showBalance(found, session.zone));
    });
}

/** The API’s path of a person or service, or of whoever holds the key in use. */
export async function principalPath(api: Api, who: string | undefined, service: string | undefined): Promise<string> {
  if (who !== undefined && service !== undefined) {
    throw new CommandFailure(EXIT.usage, 'Name either a person or, with --service, a service.');
  }
  if (who !== undefined) return `/people/${await personId(api, who)}`;
  if (service !== undefined) return `/services/${await serviceId(api, service)}`;
  const self = await api.get(me, '/me');
  if (self.person) return `/people/${self.person.id}`;
  if (self.service) return `/services/${self.service.id}`;
  throw new CommandFailure(EXIT.usage, 'An admin key belongs to nobody who has a balance: name a person.');
}

const FIGURES = [
  'available',
  'held',
  'spent',
  'granted',
  'unvested',
  'vested',
  'expired',
  'forfeited',
  'transferredIn',
  'transferredOut',
  'overrun',
] as const satisfies readonly (keyof Balance)[];

/** The figure that decides first; then what makes it up. */
function showBalance(found: Balance, zone: string): string {
  const name = (figure: string) => figure.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const rows = FIGURES.map((figure) => [name(figure), showMoney(fromMoney(found[figure]))]);
  const book = found.book === 'test' ? 'test money: calls are served by the sandbox' : 'live money';
  return `${table([{ title: 'Balance' }, { title: 'US dollars', align: 'decimal' }], rows)}\nas of ${showTime(found.asOf, zone)} ${zone}, ${book}`;
}
