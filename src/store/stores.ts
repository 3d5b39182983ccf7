/** Everything that administrators keep, opened together over one database. */
import type { Credentials } from '../app/ports/credentials.ts';
import type { Admins, KeyRing } from '../app/ports/key-ring.ts';
import type { Operations } from '../app/ports/operations.ts';
import type { People, Services } from '../app/ports/people.ts';
import type { PriceOverrides } from '../app/ports/price-overrides.ts';
import type { Fundings, Grants, Pools } from '../app/ports/promises.ts';
import { openAdmins } from './admins.ts';
import { openCredentials } from './credentials.ts';
import type { Database } from './database.ts';
import { openFundings } from './fundings.ts';
import { openGrants } from './grants.ts';
import type { Installation } from './installation.ts';
import { openKeyRing } from './key-ring.ts';
import { openOperations } from './operations.ts';
import { openPeople } from './people.ts';
import { openPools } from './pools.ts';
import { openPriceOverrides } from './price-overrides.ts';
import { openServices } from './services.ts';

export interface Stores {
  readonly people: People;
  readonly services: Services;
  readonly pools: Pools;
  readonly fundings: Fundings;
  readonly grants: Grants;
  readonly keyRing: KeyRing;
  readonly admins: Admins;
  readonly operations: Operations;
  readonly credentials: Credentials;
  readonly priceOverrides: PriceOverrides;
}

/** They hold nothing of their own: closing the database closes them. */
export function openStores(database: Database, installation: Installation): Stores {
  const { pool } = database;
  const { pepper } = installation;
  return {
    people: openPeople(database),
    services: openServices(database),
    pools: openPools(database),
    fundings: openFundings(database),
    grants: openGrants(database),
    keyRing: openKeyRing(database, pepper),
    admins: openAdmins(database, installation),
    operations: openOperations(pool, pepper),
    credentials: openCredentials(pool, pepper),
    priceOverrides: openPriceOverrides(database),
  };
}
