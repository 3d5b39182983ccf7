/** `/keys`. */
import type { FastifyInstance } from 'fastify';
import { createKey, type NewKey } from '../../app/keys/create-key.ts';
import { rotateKey } from '../../app/keys/rotate-key.ts';
import { missing, unfit } from '../../app/missing.ts';
import type { ShownKey as KeptShownKey, VirtualKey } from '../../app/ports/key-ring.ts';
import {
  type NewKey as AskedKey,
  type Key,
  key,
  keyRotation,
  keys,
  keysQuery,
  newKey,
  type ShownKey,
  shownKey,
} from '../../contract/key.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { addChange, addMake, addRead, nothing } from '../add-route.ts';
import { given } from '../given.ts';
import { listPage } from '../list.ts';
import type { ApiPorts } from '../ports.ts';

export function addKeyRoutes(app: FastifyInstance, ports: ApiPorts): void {
  addMake(
    app,
    ports,
    {
      path: '/keys',
      summary: 'Makes a key; its text is shown this once.',
      body: newKey,
      answer: shownKey,
      status: 201,
    },
    async ({ act, body }) => writeShown(await createKey(ports, act, readKey(body))),
  );
  addMake(
    app,
    ports,
    {
      path: '/keys/:id/rotate',
      summary: 'Gives a key a new secret; the ones before it work for an overlap.',
      body: keyRotation,
      answer: shownKey,
      status: 201,
    },
    async ({ id, body }) => writeShown(await rotateKey(ports, id, body.overlapSeconds * 1_000)),
  );
  addChange(
    app,
    ports,
    {
      method: 'DELETE',
      path: '/keys/:id',
      summary: 'Revokes a key and its children, everywhere within a second.',
      body: nothing,
      answer: key,
    },
    async ({ id }) => {
      const revoked = await ports.keyRing.revoke(id);
      if (!revoked) throw missing('key');
      return writeKey(revoked);
    },
  );
  addReadRoutes(app, ports);
}

function addReadRoutes(app: FastifyInstance, ports: ApiPorts): void {
  addRead(
    app,
    ports,
    { path: '/keys', summary: 'Lists keys, without their texts.', access: 'admin', query: keysQuery, answer: keys },
    ({ query: { personId, serviceId, ...page } }) =>
      listPage(
        ports.cursorHash,
        ['keys', personId, serviceId],
        page,
        (asked) => ports.keyRing.list(given({ ...asked, personId, serviceId })),
        writeKey,
      ),
  );
  addRead(
    app,
    ports,
    { path: '/keys/:id', summary: 'Shows a key, without its text.', access: 'admin', query: nothing, answer: key },
    async ({ id }) => {
      const found = await ports.keyRing.find(id);
      if (!found) throw missing('key');
      return writeKey(found);
    },
  );
}

/** A limit that is kept and not enforced would be worse than none. */
function readKey({ personId, serviceId, limits = {}, expiresOn, ...rest }: AskedKey): NewKey {
  const { models, expiresOn: limitedTo, ...unenforced } = limits;
  const [first] = Object.entries(unenforced).filter(([, limit]) => limit !== undefined);
  if (first) throw unfit(`/limits/${first[0]}`, 'is not enforced yet, so it is not taken either');
  const ends = [
    { pointer: '/expiresOn', on: expiresOn },
    { pointer: '/limits/expiresOn', on: limitedTo },
  ];
  return given({
    ...rest,
    holder: personId === undefined ? { serviceId: serviceId ?? '' } : { personId },
    ends: ends.flatMap(({ pointer, on }) => (on === undefined ? [] : [{ pointer, on }])),
    models,
  });
}

export function writeKey(kept: VirtualKey): Key {
  const { holder, funding, models, createdAt, expiresAt, revokedAt, lastUsedAt, ...facts } = kept;
  return {
    ...facts,
    ...holder,
    funding: [...funding],
    limits: models === undefined ? {} : { models: [...models] },
    createdAt: formatInstant(createdAt),
    ...(expiresAt === undefined ? {} : { expiresAt: formatInstant(expiresAt) }),
    ...(revokedAt === undefined ? {} : { revokedAt: formatInstant(revokedAt) }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt: formatInstant(lastUsedAt) }),
  };
}

function writeShown({ key: kept, text }: KeptShownKey): ShownKey {
  return { ...writeKey(kept), key: text };
}
