/** Every route of the API. */
import type { FastifyInstance } from 'fastify';
import type { ApiPorts } from '../ports.ts';
import { addAdminRoutes } from './admins.ts';
import { addGrantRoutes } from './grants.ts';
import { addHoldRoutes } from './holds.ts';
import { addKeyRoutes } from './keys.ts';
import { addLedgerRoutes } from './ledger.ts';
import { addMeRoutes } from './me.ts';
import { addPeopleRoutes } from './people.ts';
import { addPoolRoutes } from './pools.ts';
import { addPriceRoutes } from './prices.ts';
import { addProviderRoutes } from './providers.ts';
import { addServiceRoutes } from './services.ts';
import { addUsageRoutes } from './usage.ts';

export function addRoutes(app: FastifyInstance, ports: ApiPorts): void {
  addPeopleRoutes(app, ports);
  addServiceRoutes(app, ports);
  addPoolRoutes(app, ports);
  addGrantRoutes(app, ports);
  addKeyRoutes(app, ports);
  addUsageRoutes(app, ports);
  addHoldRoutes(app, ports);
  addLedgerRoutes(app, ports);
  addProviderRoutes(app, ports);
  addPriceRoutes(app, ports);
  addAdminRoutes(app, ports);
  addMeRoutes(app, ports);
}
