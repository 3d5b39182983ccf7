/** `/pools`. */
import type { FastifyInstance } from 'fastify';
import { readBalance } from '../../app/balances/read-balance.ts';
import { missing } from '../../app/missing.ts';
import { addPool } from '../../app/pools/add-pool.ts';
import { fundPool } from '../../app/pools/fund-pool.ts';
import type { FundingRecord, PoolRecord } from '../../app/ports/promises.ts';
import { balance, balanceQuery } from '../../contract/balance.ts';
import { fromMoney, toMoney } from '../../contract/money.ts';
import { pageQuery } from '../../contract/page.ts';
import { type Funding, funding, fundings, newFunding, newPool, type Pool, pool, pools } from '../../contract/pool.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { addMake, addRead, nothing } from '../add-route.ts';
import { given } from '../given.ts';
import { listPage } from '../list.ts';
import type { ApiPorts } from '../ports.ts';
import { askedBalance, writeBalance } from './balances.ts';

export function addPoolRoutes(app: FastifyInstance, ports: ApiPorts): void {
  addMake(
    app,
    ports,
    { path: '/pools', summary: 'Adds a pool.', body: newPool, answer: pool, status: 201 },
    async ({ act, body }) => writePool(await addPool(ports, act, given(body))),
  );
  addRead(
    app,
    ports,
    { path: '/pools', summary: 'Lists pools.', access: 'admin', query: pageQuery, answer: pools },
    ({ query }) => listPage(ports.cursorHash, ['pools'], query, (asked) => ports.pools.list(asked), writePool),
  );
  addRead(
    app,
    ports,
    { path: '/pools/:id', summary: 'Shows a pool.', access: 'admin', query: nothing, answer: pool },
    async ({ id }) => writePool(await existing(ports, id)),
  );
  addRead(
    app,
    ports,
    {
      path: '/pools/:id/balance',
      summary: 'A pool’s balance, now or as of any instant.',
      access: 'admin',
      query: balanceQuery,
      answer: balance,
    },
    async ({ id, query }) => {
      const { accounts } = await existing(ports, id);
      return writeBalance(await readBalance(ports, accounts, askedBalance(query, ports.zone)));
    },
  );
  addFundingRoutes(app, ports);
}

function addFundingRoutes(app: FastifyInstance, ports: ApiPorts): void {
  addMake(
    app,
    ports,
    {
      path: '/pools/:id/fundings',
      summary: 'Puts company money into a pool.',
      body: newFunding,
      answer: funding,
      status: 201,
    },
    async ({ act, id, body: { amount, ...rest } }) =>
      writeFunding(await fundPool(ports, act, id, given({ ...rest, amount: fromMoney(amount) }))),
  );
  addRead(
    app,
    ports,
    {
      path: '/pools/:id/fundings',
      summary: 'Lists what was put into a pool.',
      access: 'admin',
      query: pageQuery,
      answer: fundings,
    },
    async ({ id, query }) => {
      await existing(ports, id);
      return listPage(
        ports.cursorHash,
        ['fundings', id],
        query,
        (asked) => ports.fundings.list({ ...asked, poolId: id }),
        writeFunding,
      );
    },
  );
}

async function existing(ports: ApiPorts, id: string): Promise<PoolRecord> {
  const found = await ports.pools.find(id);
  if (!found) throw missing('pool');
  return found;
}

function writePool({ accounts: _, createdAt, ...facts }: PoolRecord): Pool {
  return { ...facts, createdAt: formatInstant(createdAt) };
}

function writeFunding({ effectiveAt: _, expiresAt: __, amount, createdAt, ...facts }: FundingRecord): Funding {
  return { ...facts, amount: toMoney(amount), createdAt: formatInstant(createdAt) };
}
