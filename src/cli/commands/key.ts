import type { Command } from 'commander';
import { type Key, key, keys, type ShownKey, shownKey } from '../../contract/key.ts';
import type { Api } from '../api-client.ts';
import { readCount, readDate, readEach } from '../arguments.ts';
import { CommandFailure, EXIT } from '../exit.ts';
import { personId, poolId, serviceId } from '../lookup.ts';
import { printList } from '../output/list.ts';
import { showTime } from '../output/time.ts';
import type { Session } from '../session.ts';
import { listLimit, type Shell } from '../shell.ts';

interface CreateOptions {
  readonly service?: string;
  readonly name: string;
  readonly expiresOn?: string;
  readonly model?: readonly string[];
  readonly payFrom?: readonly string[];
  readonly parent?: string;
}

export function addKeyCommands(program: Command, shell: Shell): void {
  const noun = program.command('key').description('virtual keys, with which people and services call the gateway');
  addCreate(noun, shell);

  noun
    .command('list')
    .description('list keys; none is ever shown again')
    .argument('[person]', 'only this person’s: id, e-mail address or external id')
    .option('--service <service>', 'only this service’s: id or name')
    .addOption(listLimit())
    .action(async (who: string | undefined, options: { service?: string; limit: number }, command: Command) => {
      const session = shell(command);
      const api = session.api('admin');
      const query = who === undefined && options.service === undefined ? {} : await holder(api, who, options.service);
      printList(session, await api.list<Key>(keys, '/keys', query, options.limit), {
        columns: [
          { title: 'Name' },
          { title: 'Holder' },
          { title: 'State' },
          { title: `Last used (${session.zone})` },
          { title: 'Id' },
        ],
        row: (each) => [
          each.name,
          each.personId ?? each.serviceId ?? '',
          stateOf(each, session.zone),
          each.lastUsedAt === undefined ? 'never' : showTime(each.lastUsedAt, session.zone),
          each.id,
        ],
        none: 'No key yet: make one with `stipend key create <person>`.',
      });
    });

  noun
    .command('rotate')
    .description('give a key a new secret; the old one works on for a while')
    .argument('<key>', 'the key’s id')
    .option('--overlap <seconds>', 'how long the old secret still works (default: a day)', readCount(0, 30 * 86_400))
    .action(async (keyId: string, { overlap }: { overlap?: number }, command: Command) => {
      const session = shell(command);
      const body = overlap === undefined ? {} : { overlapSeconds: overlap };
      printKey(session, await session.api('admin').post(shownKey, `/keys/${encodeURIComponent(keyId)}/rotate`, body));
    });

  noun
    .command('revoke')
    .description('end a key, everywhere, within a second')
    .argument('<key>', 'the key’s id')
    .action(async (keyId: string, _options: object, command: Command) => {
      const session = shell(command);
      const api = session.api('admin');
      await session.confirm(`Revoke the key ${keyId}? Whoever uses it is refused from then on.`);
      const revoked = await api.delete(key, `/keys/${encodeURIComponent(keyId)}`);
      session.print(revoked, () => `Revoked the key ${revoked.name}, id ${revoked.id}.`);
    });
}

function addCreate(noun: Command, shell: Shell): void {
  noun
    .command('create')
    .description('make a key, and show it this once')
    .argument('[person]', 'whose it is: id, e-mail address or external id')
    .option('--service <service>', 'make it a service’s instead: id or name')
    .option('--name <name>', 'what the key is for', 'default')
    .option('--expires-on <date>', 'the first day on which it is refused', readDate)
    .option('--model <model>', 'a model it may call; repeat for more (default: all)', readEach)
    .option('--pay-from <account>', '`grants`, or a pool by id or name; repeat in the order they pay', readEach)
    .option('--parent <key>', 'the id of the key that it is a child of')
    .action(async (who: string | undefined, options: CreateOptions, command: Command) => {
      const session = shell(command);
      const api = session.api('admin');
      const { service, payFrom = [], model, parent, ...rest } = options;
      const funding = await Promise.all(
        payFrom.map(async (from) => (from === 'grants' ? { grants: true } : { poolId: await poolId(api, from) })),
      );
      const body = {
        ...(await holder(api, who, service)),
        ...rest,
        ...(parent === undefined ? {} : { parentKeyId: parent }),
        ...(funding.length === 0 ? {} : { funding }),
        ...(model === undefined ? {} : { limits: { models: model } }),
      };
      printKey(session, await api.post(shownKey, '/keys', body));
    });
}

/** Only the key goes to standard output, so that `KEY=$(stipend key create …)` holds it and nothing else. */
function printKey(session: Session, shown: ShownKey): void {
  session.print(shown, () => shown.key);
  session.note(
    `This key is shown this once (its id is ${shown.id}). Whoever holds it sets a client up with it, for example:`,
  );
  session.note('  export STIPEND_KEY=the-key\n  stipend connect claude-code --write');
}

async function holder(api: Api, who: string | undefined, service: string | undefined) {
  if ((who === undefined) === (service === undefined)) {
    throw new CommandFailure(EXIT.usage, 'Name either a person or, with --service, a service.');
  }
  return service === undefined
    ? { personId: await personId(api, who ?? '') }
    : { serviceId: await serviceId(api, service) };
}

function stateOf({ revokedAt, expiresAt }: Key, zone: string): string {
  if (revokedAt !== undefined) return 'revoked';
  return expiresAt === undefined ? 'works' : `until ${showTime(expiresAt, zone)}`;
}
