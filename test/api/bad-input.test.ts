import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Question, type Stage, somebody, startStage, usd } from './stage.ts';

let stage: Stage;
let personId: string;
let keyId: string;

beforeAll(async () => {
  stage = await startStage();
  personId = String((await stage.make('/people', somebody()))['id']);
  keyId = String((await stage.make('/keys', { personId, name: 'k' }))['id']);
});

afterAll(async () => {
  expect(stage.logged).toEqual([]);
  expect((await stage.ask('GET', '/ledger/verify')).body).toMatchObject({ ok: true, openHolds: 0 });
  await stage.stop();
});

const nobody = '019abcde-0123-7456-89ab-0123456789ab';
const ada = { email: 'ada@example.com', name: 'Ada', startDate: '2026-01-01' };
const raw = (bytes: string | Uint8Array, headers: Record<string, string> = {}): Question => ({ bytes, headers });
const person = (more: object): Question => ({ body: { ...ada, ...more } });
/** Stands for the person of this stage, who is made after the table is written. */
const THE_PERSON = 'the person';
const grant = (more: object): Question => ({ body: { personId: THE_PERSON, effectiveOn: '2026-01-01', ...more } });
const key = (more: object): Question => ({ body: { personId: THE_PERSON, name: 'k', ...more } });

type Row = readonly [what: string, line: string, question: Question, status: number, pointer?: string];

const table: readonly Row[] = [
  // 4: paths
  ['a path that is not there', 'GET /nothing', {}, 404],
  ['an encoded slash', 'GET /people%2F..', {}, 404],
  ['half an escape', 'GET /people/%zz', {}, 400],
  ['an id that is none', 'GET /people/1', {}, 404],
  ['SQL for an id', "GET /people/1'%20OR%20'1'='1", {}, 404],
  ['an id a thousand characters long', `GET /people/${'a'.repeat(1_000)}`, {}, 404],
  // 6: size
  ['a body over a mebibyte', 'POST /people', raw(JSON.stringify({ name: 'a'.repeat(1_100_000) })), 413],
  ['a lying length', 'POST /people', raw('{}', { 'content-length': '2000000' }), 413],
  // 7: JSON
  ['no JSON', 'POST /people', raw('nonsense'), 400],
  ['cut JSON', 'POST /people', raw('{"name":"A'), 400],
  ['an empty body', 'POST /people', raw(''), 400],
  ['an array', 'POST /people', raw('[]'), 400],
  ['null', 'POST /people', raw('null'), 400],
  ['a string', 'POST /people', raw('"people"'), 400],
  ['no body at all', 'POST /people', {}, 422, '/email'],
  // 8: prototypes
  ['__proto__', 'POST /people', raw('{"__proto__":{"role":"admin"}}'), 400],
  ['__proto__ escaped', 'POST /people', raw('{"\\u005f_proto__":{}}'), 400],
  ['constructor.prototype', 'POST /people', raw('{"constructor":{"prototype":{}}}'), 400],
  ['__proto__ in the query', 'GET /people?__proto__=1', {}, 422],
  // 9, 10: depth, doubles
  ['ten thousand levels', 'POST /people', raw(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`), 400],
  ['a field twice', 'POST /people', raw('{"name":"A","name":"B"}'), 400],
  ['a field in another case', 'POST /people', person({ Email: 'b@example.com' }), 422, '/Email'],
  // 11: numbers
  ['money as a number', 'POST /grants', grant({ amount: 5 }), 422, '/amount'],
  ['money in a number', 'POST /grants', grant({ amount: { amount: 5, currency: 'USD' } }), 422, '/amount/amount'],
  ['money in exponents', 'POST /grants', grant({ amount: usd('1e3') }), 422, '/amount/amount'],
  ['money below nothing', 'POST /grants', grant({ amount: usd('-0') }), 422, '/amount/amount'],
  ['no money', 'POST /grants', grant({ amount: usd('0.00') }), 422, '/amount/amount'],
  ['a tenth decimal', 'POST /grants', grant({ amount: usd('0.0000000001') }), 422, '/amount/amount'],
  ['more than a person can hold', 'POST /grants', grant({ amount: usd('9999999999') }), 422, '/amount/amount'],
  ['money in decimal commas', 'POST /grants', grant({ amount: usd('1.234,56') }), 422, '/amount/amount'],
  ['another currency', 'POST /grants', grant({ amount: { ...usd('1'), currency: 'XYZ' } }), 422, '/amount/currency'],
  [
    'a share of 1e400',
    'POST /grants',
    raw(`{"personId":"${nobody}","effectiveOn":"2026-01-01","percentOfBase":1e400}`),
    422,
    '/percentOfBase',
  ],
  ['a priority beyond whole numbers', 'POST /grants', grant({ amount: usd('1'), priority: 2 ** 53 }), 422, '/priority'],
  ['half a priority', 'POST /grants', grant({ amount: usd('1'), priority: 1.5 }), 422, '/priority'],
  // 12: text
  ['bytes that are not UTF-8', 'POST /people', raw(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])), 400],
  ['a byte order mark', 'POST /people', raw('\ufeff{}'), 400],
  ['a NUL', 'POST /people', person({ name: 'A\u0000B' }), 422, '/name'],
  [
    'half a surrogate pair',
    'POST /people',
    raw('{"name":"\\ud800","email":"a@b.co","startDate":"2026-01-01"}'),
    422,
    '/name',
  ],
  // 13: types
  ['another type', 'POST /people', raw('{}', { 'content-type': 'text/plain' }), 415],
  ['a form', 'POST /people', raw('name=A', { 'content-type': 'application/x-www-form-urlencoded' }), 415],
  ['a packed body', 'POST /people', raw(gzipSync('{}'), { 'content-encoding': 'gzip' }), 415],
  // 15: text made to hurt
  ['a name of a megabyte', 'POST /people', person({ name: 'a'.repeat(1_000_000) }), 422, '/name'],
  [
    'an address to hang a regular expression',
    'POST /people',
    person({ email: `${'a.'.repeat(400_000)}@` }),
    422,
    '/email',
  ],
  ['a body to hang a search', 'POST /people', raw(`{${'"\\'.repeat(500_000)}`), 400],
  // 16: providers
  ...[
    'http://127.0.0.1',
    'http://169.254.169.254/latest',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://0x7f000001',
    'http://localhost.',
    'https://a@b.example',
    'https://b.example/#',
    'file:///etc/passwd',
  ].map(
    (baseUrl): Row => [
      `the base URL ${baseUrl}`,
      'POST /providers',
      { body: { name: 'openai', apiKey: 'sk-x', baseUrl } },
      422,
      '/baseUrl',
    ],
  ),
  // 26: other pages
  ['a page of another origin', 'POST /people', { ...person({}), headers: { origin: 'https://evil.example' } }, 403],
  ['a page of no origin', 'POST /people', { ...person({}), headers: { origin: 'null' } }, 403],
  // 27: what is not there
  ['a person who is not there', `GET /people/${nobody}`, {}, 404],
  ['a balance of nobody', `GET /people/${nobody}/balance`, {}, 404],
  ['a change of nobody', `PATCH /people/${nobody}`, { body: { name: 'B' } }, 404],
  ['a grant to nobody', 'POST /grants', grant({ personId: nobody, amount: usd('1') }), 404, '/personId'],
  ['a grant from no pool', 'POST /grants', grant({ poolId: nobody, amount: usd('1') }), 404, '/poolId'],
  ['a grant that is not there', `GET /grants/${nobody}`, {}, 404],
  ['a key for nobody', 'POST /keys', { body: { personId: nobody, name: 'k' } }, 404, '/personId'],
  ['a key for no service', 'POST /keys', { body: { serviceId: nobody, name: 'k' } }, 404, '/serviceId'],
  ['a key that draws on no pool', 'POST /keys', key({ funding: [{ poolId: nobody }] }), 404, '/funding/0/poolId'],
  ['a child of no key', 'POST /keys', key({ parentKeyId: nobody }), 404, '/parentKeyId'],
  ['a rotation of no key', `POST /keys/${nobody}/rotate`, {}, 404],
  ['a revocation of no key', `DELETE /keys/${nobody}`, {}, 404],
  ['a funding of no pool', `POST /pools/${nobody}/fundings`, { body: { amount: usd('1') } }, 404],
  [
    'a service of no pool',
    'POST /services',
    { body: { name: 's', poolId: nobody, stewardId: nobody } },
    404,
    '/poolId',
  ],
  ['a settle of no hold', `POST /holds/${nobody}/settle`, { body: { amount: usd('1') } }, 404],
  ['a void of no hold', `POST /holds/${nobody}/void`, {}, 404],
  [
    'a hold by no key',
    'POST /holds',
    { body: { keyId: nobody, upperBound: usd('1'), source: 's', externalId: 'e' } },
    404,
    '/keyId',
  ],
  ['a price sheet of no day', 'GET /price-sheets/1999-01-01', {}, 404],
  ['an approval of nothing', `POST /price-overrides/${nobody}/approve`, {}, 404],
  ['a credential that is not kept', 'DELETE /providers/anthropic', {}, 404],
  ['a provider that does not exist', 'DELETE /providers/elsewhere', {}, 404],
  ['an administrator who is not there', `DELETE /admins/${nobody}`, {}, 404],
  // 28: fields that are not for the asking
  ...['role', 'balance', 'spent', 'vested', 'accounts', 'id', 'createdAt'].map(
    (field): Row => [`${field} of one’s own choice`, 'POST /people', person({ [field]: 1 }), 422, `/${field}`],
  ),
  ['a userId beside the personId', 'POST /keys', key({ userId: nobody }), 422, '/userId'],
  ['a state of one’s own choice', 'POST /grants', grant({ amount: usd('1'), state: 'active' }), 422, '/state'],
  // 29: lists
  ['a page of a billion', 'GET /people?limit=1000000000', {}, 422, '/limit'],
  ['a page below nothing', 'GET /people?limit=-1', {}, 422, '/limit'],
  ['a page of words', 'GET /people?limit=all', {}, 422, '/limit'],
  ['two limits', 'GET /people?limit=1&limit=2', {}, 422, '/limit'],
  ['a made-up cursor', 'GET /people?cursor=MTIz', {}, 422, '/cursor'],
  ['a column to sort by', 'GET /people?sort=base_salary', {}, 422, '/sort'],
  ['usage of a day that does not exist', 'GET /usage?from=2026-02-31', {}, 422, '/from'],
  ['usage without a zone', 'GET /usage?from=2026-02-01T00:00:00', {}, 422, '/from'],
  ['a balance of another book', `GET /people/${nobody}/balance?book=golden`, {}, 422, '/book'],
  // what is not offered yet
  ['vesting', 'POST /grants', grant({ amount: usd('1'), vesting: { object_type: 'VESTING_TERMS' } }), 422, '/vesting'],
  ...['total', 'perSession', 'perHour', 'perDay', 'perWeek', 'perMonth'].map(
    (limit): Row => [
      `the limit ${limit}`,
      'POST /keys',
      key({ limits: { [limit]: usd('1') } }),
      422,
      `/limits/${limit}`,
    ],
  ),
  ...['requestsPerMinute', 'tokensPerMinute', 'concurrency'].map(
    (limit): Row => [`the limit ${limit}`, 'POST /keys', key({ limits: { [limit]: 1 } }), 422, `/limits/${limit}`],
  ),
  // dates and shares
  ['31 February', 'POST /people', person({ startDate: '2026-02-31' }), 422, '/startDate'],
  ...['0000-01-01', '0001-01-01', '1899-12-31'].map(
    (day): Row => [
      `a grant of ${day}`,
      'POST /grants',
      grant({ amount: usd('1'), effectiveOn: day }),
      422,
      '/effectiveOn',
    ],
  ),
  ...['0000-01-01', '0000-01-01T00:00:00Z', '1899-12-31T23:59:59.999Z', '9999-12-31T23:59:59-14:00'].flatMap(
    (moment): Row[] => [
      [`a balance as of ${moment}`, `GET /people/${nobody}/balance?asOf=${moment}`, {}, 422, '/asOf'],
      [`usage from ${moment}`, `GET /usage?from=${moment}`, {}, 422, '/from'],
    ],
  ),
  ['more than money can count', 'POST /grants', grant({ amount: usd(`1${'0'.repeat(29)}`) }), 422, '/amount/amount'],
  [
    'an end before the beginning',
    'POST /grants',
    grant({ amount: usd('1'), expiresOn: '2025-12-31' }),
    422,
    '/expiresOn',
  ],
  ['a share of no salary', 'POST /grants', grant({ percentOfBase: 50 }), 422, '/percentOfBase'],
  [
    'rollover of what never expires',
    'POST /grants',
    grant({ amount: usd('1'), rollover: { most: usd('1') } }),
    422,
    '/rollover',
  ],
  // methods
  ['a method that is not there', 'PUT /people', {}, 405],
  ['options', 'OPTIONS /people', {}, 405],
  ['deleting people', 'DELETE /people', {}, 405],
  // keys that cannot repeat
  [
    'an Idempotency-Key with spaces',
    'POST /people',
    { ...person({}), headers: { 'idempotency-key': 'a b' } },
    422,
    '/idempotency-key',
  ],
  [
    'an Idempotency-Key too long',
    'POST /people',
    { ...person({}), headers: { 'idempotency-key': 'a'.repeat(256) } },
    422,
    '/idempotency-key',
  ],
];

/** The question with the person of this stage in it. */
function filledIn(question: Question): Question {
  const { body } = question;
  const isAboutThem = typeof body === 'object' && body !== null && 'personId' in body && body.personId === THE_PERSON;
  return isAboutThem ? { ...question, body: { ...body, personId } } : question;
}

describe('bad input', () => {
  const rows = table.map(([what, line, question, status, pointer]) => ({ what, line, question, status, pointer }));

  it.each(rows)('$what gets its answer', async ({ line, question, status, pointer }) => {
    const [method = '', path = ''] = line.split(' ');
    const answer = await stage.ask(method, path, filledIn(question));
    expect([answer.status, answer.text]).toEqual([status, answer.text]);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.headers['x-request-id']).toBe(answer.body['requestId']);
    expect(answer.body).toMatchObject({ status, code: expect.any(String), detail: expect.any(String) });
    if (pointer !== undefined) {
      expect(answer.body['problems']).toContainEqual({ pointer, message: expect.any(String) });
    }
  });

  it('that is only text stays text', async () => {
    const names = [
      '{{7*7}}',
      '<img src=x onerror=alert(1)>',
      "'; DROP TABLE person; --",
      '%_\\',
      '=1+1',
      '\u202eadA',
      '👩🏽‍💻',
    ];
    for (const name of names) {
      const made = await stage.make('/people', somebody({ name, team: name }));
      expect((await stage.ask('GET', `/people/${made['id']}`)).body).toMatchObject({ name, team: name });
    }
    const found = await stage.ask('GET', `/people?email=${encodeURIComponent('%')}`);
    expect(found.body['items']).toEqual([]);
  });

  it('is told all its faults at once', async () => {
    const { body } = await stage.ask('POST', '/people', { body: { email: 'nobody', role: 'admin' } });
    const problems = body['problems'];
    expect(Array.isArray(problems) && problems.map(({ pointer }) => pointer).sort()).toEqual([
      '/email',
      '/name',
      '/role',
      '/startDate',
    ]);
  });

  it('says which methods a path takes', async () => {
    expect((await stage.ask('PUT', `/people/${personId}`)).headers['allow']).toBe('GET, PATCH');
    expect((await stage.ask('GET', `/keys/${keyId}/rotate`)).headers['allow']).toBe('POST');
  });

  it('of somebody’s e-mail address twice, in any case, is a conflict', async () => {
    await stage.make('/people', { ...ada, externalId: 'E-1' });
    const twice = await stage.ask('POST', '/people', person({ email: 'ADA@example.com' }));
    expect(twice).toMatchObject({ status: 409, body: { code: 'conflict', problems: [{ pointer: '/email' }] } });
    const external = await stage.ask('POST', '/people', person({ email: 'b@example.com', externalId: 'E-1' }));
    expect(external).toMatchObject({ status: 409, body: { problems: [{ pointer: '/externalId' }] } });
  });
});
