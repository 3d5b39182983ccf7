/** `/grants`. */
import type { FastifyInstance } from 'fastify';
import { awardGrant, type NewGrant } from '../../app/grants/award-grant.ts';
import { missing, unfit } from '../../app/missing.ts';
import type { GrantRecord } from '../../app/ports/promises.ts';
import { type NewGrant as AskedGrant, type Grant, grant, grants, grantsQuery, newGrant } from '../../contract/grant.ts';
import { fromMoney, toMoney } from '../../contract/money.ts';
import { ZERO } from '../../core/money/amount.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { addMake, addRead, nothing } from '../add-route.ts';
import { given } from '../given.ts';
import { listPage } from '../list.ts';
import type { ApiPorts } from '../ports.ts';

export function addGrantRoutes(app: FastifyInstance, ports: ApiPorts): void {
  addMake(
    app,
    ports,
    { path: '/grants', summary: 'Promises a budget to a person.', body: newGrant, answer: grant, status: 201 },
    async ({ act, body }) => writeGrant(await awardGrant(ports, act, readGrant(body))),
  );
  addRead(
    app,
    ports,
    { path: '/grants', summary: 'Lists grants.', access: 'admin', query: grantsQuery, answer: grants },
    ({ query: { personId, ...page } }) =>
      listPage(
        ports.cursorHash,
        ['grants', personId],
        page,
        (asked) => ports.grants.list(given({ ...asked, personId })),
        writeGrant,
      ),
  );
  addRead(
    app,
    ports,
    { path: '/grants/:id', summary: 'Shows a grant.', access: 'admin', query: nothing, answer: grant },
    async ({ id }) => {
      const found = await ports.grants.find(id);
      if (!found) throw missing('grant');
      return writeGrant(found);
    },
  );
}

function readGrant({ amount, percentOfBase, vesting, rollover, ...rest }: AskedGrant): NewGrant {
  if (vesting !== undefined) throw unfit('/vesting', 'is not offered yet: without it a grant is spendable at once');
  return given({
    ...rest,
    worth: amount === undefined ? { percentOfBase: String(percentOfBase) } : { amount: fromMoney(amount) },
    rollover:
      rollover &&
      given({
        most: fromMoney(rollover.most),
        least: rollover.least === undefined ? ZERO : fromMoney(rollover.least),
        expiresOn: rollover.expiresOn,
      }),
  });
}

function writeGrant(kept: GrantRecord): Grant {
  const { effectiveAt: _, expiresAt: __, amount, baseSalary, rollover, createdAt, ...facts } = kept;
  return {
    ...facts,
    amount: toMoney(amount),
    ...(baseSalary === undefined ? {} : { baseSalary: toMoney(baseSalary) }),
    ...(rollover === undefined
      ? {}
      : { rollover: { ...rollover, most: toMoney(rollover.most), least: toMoney(rollover.least) } }),
    createdAt: formatInstant(createdAt),
  };
}
