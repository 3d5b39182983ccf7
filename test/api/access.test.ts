import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshKey } from '../../src/store/fresh-key.ts';
import { type Json, type Stage, somebody, startStage } from './stage.ts';

let stage: Stage;
let ada: { readonly id: string; readonly key: string; readonly keyId: string };
let bobId: string;
let routes: readonly { readonly method: string; readonly path: string }[];

beforeAll(async () => {
  stage = await startStage();
  const { id } = await stage.make('/people', somebody());
  const made = await stage.make('/keys', { personId: id, name: 'k' });
  ada = { id: String(id), key: String(made['key']), keyId: String(made['id']) };
  bobId = String((await stage.make('/people', somebody()))['id']);
  routes = documented(stage.api.document);
});

afterAll(async () => {
  await stage.stop();
});

/** Every route of the API, from its own document, with an id that is somebody else's. */
function documented(document: object): readonly { readonly method: string; readonly path: string }[] {
  const { paths }: { paths?: Json } = JSON.parse(JSON.stringify(document));
  return Object.entries(paths ?? {}).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase(),
      path: path.replace('/api/v1', '').replace('{id}', bobId).replace('{name}', 'current'),
    })),
  );
}

/** What the holder of a key may ask for. */
const OWN = new Set(['GET /me', 'GET /usage']);

describe('every route', () => {
  it('is in the document', () => {
    expect(routes.length).toBeGreaterThan(30);
    expect(routes).toContainEqual({ method: 'POST', path: '/grants' });
  });

  it('asks for a key, and says nothing more to who has none', async () => {
    for (const { method, path } of routes) {
      for (const key of [null, 'nonsense', 'sk-ant-api03', freshKey('live', bobId), freshKey('admin', bobId)]) {
        const answer = await stage.ask(method, path, { key });
        expect([method, path, answer.status, answer.body['code']]).toEqual([method, path, 401, 'key_unknown']);
        expect(answer.headers['www-authenticate']).toBe('Bearer');
      }
    }
  });

  it('is closed to the holder of a key but for what is its own', async () => {
    for (const { method, path } of routes) {
      const { status } = await stage.ask(method, path, { key: ada.key });
      const open = OWN.has(`${method} ${path}`);
      expect([method, path, open ? status : status === 403 || status === 404]).toEqual([
        method,
        path,
        open ? 200 : true,
      ]);
    }
  });

  it('refuses a body before it is read when the key is not known', async () => {
    const answer = await stage.ask('POST', '/people', { key: null, bytes: 'x'.repeat(2_000_000) });
    expect(answer.status).toBe(401);
  });
});

describe('the holder of a key', () => {
  it.each([
    ['another person', () => `/people/${bobId}`],
    ['another person’s balance', () => `/people/${bobId}/balance`],
    ['another person’s usage', () => `/usage?personId=${bobId}`],
    ['a service’s usage', () => `/usage?serviceId=${ada.id}`],
  ])('does not learn that %s is there', async (_, path) => {
    const answer = await stage.ask('GET', path(), { key: ada.key });
    expect([answer.status, answer.body['code']]).toEqual([404, 'not_found']);
  });

  it('cannot make, change or end anything, not even of its own', async () => {
    for (const [method, path] of [
      ['POST', '/keys'],
      ['PATCH', `/people/${ada.id}`],
      ['DELETE', `/keys/${ada.keyId}`],
      ['POST', `/keys/${ada.keyId}/rotate`],
      ['POST', '/grants'],
    ] as const) {
      expect((await stage.ask(method, path, { key: ada.key, body: {} })).status).toBe(403);
    }
  });
});

describe('an administrator', () => {
  it('is known by a key of their own until it is revoked', async () => {
    const made = await stage.make('/admins', { name: 'Grace' });
    const key = String(made['key']);
    expect((await stage.ask('GET', '/people', { key })).status).toBe(200);
    expect((await stage.ask('GET', '/admins')).text).not.toContain(key);
    await stage.ask('DELETE', `/admins/${made['id']}`);
    expect((await stage.ask('GET', '/people', { key })).status).toBe(401);
  });
});

describe('a secret', () => {
  it('is in no answer but the one that shows it, and in no log', async () => {
    await stage.make('/providers', { name: 'anthropic', apiKey: 'sk-ant-very-secret' });
    const listed = await stage.ask('GET', '/providers');
    expect(listed.body['items']).toMatchObject([
      { name: 'anthropic', credential: 'stored', servedBy: 'provider' },
      { name: 'openai', credential: 'configured', servedBy: 'provider' },
      { name: 'gemini', credential: 'none', servedBy: 'sandbox' },
    ]);
    const { rows } = await stage.database.pool.query<{ row: string }>(
      "SELECT provider_credential::text || encode(sealed_key, 'escape') AS row FROM provider_credential",
    );
    for (const text of [listed.text, JSON.stringify(rows), JSON.stringify(stage.logged)]) {
      expect(text).not.toContain('very-secret');
      expect(text).not.toContain('sk-of-the-configuration');
    }
    expect((await stage.ask('DELETE', '/providers/anthropic')).body).toMatchObject({ credential: 'none' });
  });
});
