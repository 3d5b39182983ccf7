/** `/admins`: further administrators, for what takes two. */
import type { FastifyInstance } from 'fastify';
import { idOf } from '../../app/act.ts';
import { missing } from '../../app/missing.ts';
import type { AdminRecord } from '../../app/ports/key-ring.ts';
import { type Admin, admin, admins, newAdmin, shownAdmin } from '../../contract/admin.ts';
import { pageQuery } from '../../contract/page.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { addChange, addMake, addRead, nothing } from '../add-route.ts';
import { listPage } from '../list.ts';
import type { ApiPorts } from '../ports.ts';

export function addAdminRoutes(app: FastifyInstance, ports: ApiPorts): void {
  addMake(
    app,
    ports,
    {
      path: '/admins',
      summary: 'Makes an administrator; the key is shown this once.',
      body: newAdmin,
      answer: shownAdmin,
      status: 201,
    },
    async ({ act, body: { name } }) => {
      const { admin: added, text } = await ports.admins.add({ id: idOf(ports.ids, act, 'admin'), name });
      return { ...writeAdmin(added), key: text };
    },
  );
  addRead(
    app,
    ports,
    { path: '/admins', summary: 'Lists further administrators.', access: 'admin', query: pageQuery, answer: admins },
    ({ query }) => listPage(ports.cursorHash, ['admins'], query, (asked) => ports.admins.list(asked), writeAdmin),
  );
  addChange(
    app,
    ports,
    { method: 'DELETE', path: '/admins/:id', summary: 'Ends an administrator’s key.', body: nothing, answer: admin },
    async ({ id }) => {
      const revoked = await ports.admins.revoke(id);
      if (!revoked) throw missing('administrator');
      return writeAdmin(revoked);
    },
  );
}

function writeAdmin({ createdAt, revokedAt, ...facts }: AdminRecord): Admin {
  return {
    ...facts,
    createdAt: formatInstant(createdAt),
    ...(revokedAt === undefined ? {} : { revokedAt: formatInstant(revokedAt) }),
  };
}
