/** People by id, e-mail address or external id; pools and services by id or name. */
import type { Person } from '../contract/person.ts';
import { people } from '../contract/person.ts';
import { type Pool, pools } from '../contract/pool.ts';
import { type Service, services } from '../contract/service.ts';
import { id } from '../contract/text.ts';
import type { Api } from './api-client.ts';
import { CommandFailure, EXIT } from './exit.ts';

/** A company has fewer pools and services than this; people are looked up by the server. */
const NAMED_MOST = 10_000;

export async function personId(api: Api, who: string): Promise<string> {
  if (isId(who)) return who;
  const query = who.includes('@') ? { email: who } : { externalId: who };
  const { items } = await api.list<Person>(people, '/people', query, 2);
  return only(items, `person ${who}`);
}

export async function poolId(api: Api, which: string): Promise<string> {
  if (isId(which)) return which;
  const { items } = await api.list<Pool>(pools, '/pools', {}, NAMED_MOST);
  return only(
    items.filter(({ name }) => name === which),
    `pool ${which}`,
  );
}

export async function serviceId(api: Api, which: string): Promise<string> {
  if (isId(which)) return which;
  const { items } = await api.list<Service>(services, '/services', {}, NAMED_MOST);
  return only(
    items.filter(({ name }) => name === which),
    `service ${which}`,
  );
}

function isId(text: string): boolean {
  return id.safeParse(text).success;
}

function only(items: readonly { id: string }[], what: string): string {
  const [first, second] = items;
  if (!first) throw new CommandFailure(EXIT.refused, `There is no ${what}.`);
  if (second) throw new CommandFailure(EXIT.refused, `There is more than one ${what}: use the id.`);
  return first.id;
}
