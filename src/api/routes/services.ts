/** `/services`. */
import type { FastifyInstance } from 'fastify';
import { readBalance } from '../../app/balances/read-balance.ts';
import { missing } from '../../app/missing.ts';
import type { ServiceRecord } from '../../app/ports/people.ts';
import { addService } from '../../app/services/add-service.ts';
import { changeService } from '../../app/services/change-service.ts';
import { balance, balanceQuery } from '../../contract/balance.ts';
import { pageQuery } from '../../contract/page.ts';
import { newService, type Service, service, serviceChange, services } from '../../contract/service.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { addChange, addMake, addRead, nothing } from '../add-route.ts';
import { type Caller, maySee } from '../caller.ts';
import { listPage } from '../list.ts';
import type { ApiPorts } from '../ports.ts';
import { askedBalance, writeBalance } from './balances.ts';

export function addServiceRoutes(app: FastifyInstance, ports: ApiPorts): void {
  addMake(
    app,
    ports,
    { path: '/services', summary: 'Adds a service principal.', body: newService, answer: service, status: 201 },
    async ({ act, body }) => writeService(await addService(ports, act, body)),
  );
  addRead(
    app,
    ports,
    { path: '/services', summary: 'Lists services.', access: 'admin', query: pageQuery, answer: services },
    ({ query }) => listPage(ports.cursorHash, ['services'], query, (asked) => ports.services.list(asked), writeService),
  );
  addRead(
    app,
    ports,
    { path: '/services/:id', summary: 'Shows a service.', access: 'holder', query: nothing, answer: service },
    async ({ caller, id }) => writeService(await visible(ports, caller, id)),
  );
  addChange(
    app,
    ports,
    {
      method: 'PATCH',
      path: '/services/:id',
      summary: 'Renames a service, replaces its steward, or suspends it.',
      body: serviceChange,
      answer: service,
    },
    async ({ id, body }) => writeService(await changeService(ports, id, body)),
  );
  addRead(
    app,
    ports,
    {
      path: '/services/:id/balance',
      summary: 'What a service has to spend: the balance of its owning pool.',
      access: 'holder',
      query: balanceQuery,
      answer: balance,
    },
    async ({ caller, id, query }) => {
      const { poolId } = await visible(ports, caller, id);
      const pool = await ports.pools.find(poolId);
      if (!pool) throw new Error(`service ${id} is owned by pool ${poolId}, which is not there`);
      return writeBalance(await readBalance(ports, pool.accounts, askedBalance(query, ports.zone)));
    },
  );
}

async function visible(ports: ApiPorts, caller: Caller, id: string): Promise<ServiceRecord> {
  const found = maySee(caller, 'service', id) ? await ports.services.find(id) : undefined;
  if (!found) throw missing('service');
  return found;
}

export function writeService({ createdAt, ...facts }: ServiceRecord): Service {
  return { ...facts, createdAt: formatInstant(createdAt) };
}
