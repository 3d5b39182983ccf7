/** `/usage`. */
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { missing } from '../../app/missing.ts';
import type { UsageRecord as KeptUsage } from '../../app/ports.ts';
import { toMoney } from '../../contract/money.ts';
import { type UsageRecord, usageQuery, usageRecords } from '../../contract/usage.ts';
import { refused } from '../../core/errors.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { addRead } from '../add-route.ts';
import { type Caller, maySee } from '../caller.ts';
import { given } from '../given.ts';
import { listPage } from '../list.ts';
import { readMoment } from '../moment.ts';
import type { ApiPorts } from '../ports.ts';

export function addUsageRoutes(app: FastifyInstance, ports: ApiPorts): void {
  addRead(
    app,
    ports,
    {
      path: '/usage',
      summary: 'Lists what calls used and cost, in [from, to).',
      access: 'holder',
      query: usageQuery,
      answer: usageRecords,
    },
    ({ caller, query }) => {
      const principalId = principalOf(caller, query);
      const from = query.from === undefined ? undefined : readMoment(query.from, ports.zone);
      const to = query.to === undefined ? undefined : readMoment(query.to, ports.zone);
      return listPage(
        ports.cursorHash,
        ['usage', principalId, from, to],
        query,
        (page) => ports.usageRecords.list(given({ ...page, principalId, from, to })),
        writeUsage,
      );
    },
  );
}

/** Whose usage is asked for: an administrator may ask for everybody's, a key's holder for its own only. */
function principalOf(caller: Caller, query: z.output<typeof usageQuery>): string | undefined {
  const { personId, serviceId } = query;
  if (personId !== undefined && serviceId !== undefined) {
    throw refused('unprocessable', 'At most one of personId and serviceId can be asked for.', {
      problems: [{ pointer: '/serviceId', message: 'stands beside personId' }],
    });
  }
  if (personId !== undefined && !maySee(caller, 'person', personId)) throw missing('person');
  if (serviceId !== undefined && !maySee(caller, 'service', serviceId)) throw missing('service');
  const asked = personId ?? serviceId;
  return asked ?? (caller.kind === 'holder' ? caller.key.principal.id : undefined);
}

function writeUsage({ at, cost, usage, toolUses, tags, ...facts }: KeptUsage): UsageRecord {
  return {
    ...facts,
    at: formatInstant(at),
    cost: toMoney(cost),
    ...(usage === undefined ? {} : { usage }),
    ...(toolUses === undefined ? {} : { toolUses: given(toolUses) }),
    ...(tags === undefined ? {} : { tags }),
  };
}
