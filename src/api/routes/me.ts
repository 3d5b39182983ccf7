/** `/me`: what the holder of a key may see of itself. */
import type { FastifyInstance } from 'fastify';
import { readBalance } from '../../app/balances/read-balance.ts';
import type { KeyRecord } from '../../app/ports.ts';
import { type Me, me } from '../../contract/me.ts';
import { PAGE_MOST } from '../../contract/page.ts';
import { addRead, nothing } from '../add-route.ts';
import type { ApiPorts } from '../ports.ts';
import { writeBalance } from './balances.ts';
import { writeKey } from './keys.ts';
import { writePerson } from './people.ts';
import { writeService } from './services.ts';

export function addMeRoutes(app: FastifyInstance, ports: ApiPorts): void {
  addRead(
    app,
    ports,
    {
      path: '/me',
      summary: 'Who the key belongs to, with balance and keys.',
      access: 'holder',
      query: nothing,
      answer: me,
    },
    ({ caller }) =>
      caller.kind === 'admin' ? Promise.resolve({ kind: 'admin', keys: [] }) : ownAffairs(ports, caller.key),
  );
}

async function ownAffairs(ports: ApiPorts, { id: keyId, principal }: KeyRecord): Promise<Me> {
  const owned = principal.kind === 'person' ? { personId: principal.id } : { serviceId: principal.id };
  const [person, service, keys] = await Promise.all([
    principal.kind === 'person' ? ports.people.find(principal.id) : undefined,
    principal.kind === 'service' ? ports.services.find(principal.id) : undefined,
    ports.keyRing.list({ ...owned, limit: PAGE_MOST }),
  ]);
  const payer = person ?? (service && (await ports.pools.find(service.poolId)));
  if (!payer) throw new Error(`key ${keyId} belongs to ${principal.kind} ${principal.id}, which is not there`);
  return {
    kind: principal.kind,
    ...(person ? { person: writePerson(person) } : {}),
    ...(service ? { service: writeService(service) } : {}),
    balance: writeBalance(await readBalance(ports, payer.accounts, {})),
    keyId,
    keys: keys.items.map(writeKey),
  };
}
