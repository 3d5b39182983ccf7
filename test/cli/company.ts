/** A small company as the API shows it, and a stand-in that answers with it. */
import { page, StandIn } from './stand-in.ts';

export const at = '2026-11-23T22:30:00.000Z';
export const usd = (amount: string) => ({ amount, currency: 'USD' });
export const id = (last: number) => `01931b2e-0000-7000-8000-${String(last).padStart(12, '0')}`;

export const ada = {
  id: id(1),
  email: 'ada@example.com',
  name: 'Ada',
  status: 'active',
  startDate: '2026-01-01',
  createdAt: at,
};
export const pool = { id: id(2), name: 'engineering', createdAt: at };
export const service = { id: id(3), name: 'ci', status: 'active', poolId: pool.id, stewardId: ada.id, createdAt: at };
export const key = {
  id: id(4),
  personId: ada.id,
  name: 'default',
  funding: [{ grants: true }],
  limits: {},
  createdAt: at,
};
const grant = {
  id: id(5),
  personId: ada.id,
  state: 'active',
  amount: usd('60000.00'),
  percentOfBase: '50',
  effectiveOn: '2026-11-01',
  priority: 100,
  createdAt: at,
};
const figures = [
  'granted',
  'unvested',
  'vested',
  'held',
  'spent',
  'expired',
  'forfeited',
  'transferredIn',
  'transferredOut',
  'overrun',
];
export const balance = {
  ...Object.fromEntries(figures.map((figure) => [figure, usd('0.00')])),
  available: usd('1234.500000001'),
  book: 'test',
  asOf: at,
};
export const verdict = {
  ok: true,
  entries: 1_234,
  debits: usd('5.00'),
  credits: usd('5.00'),
  openHolds: 0,
  negativeAccounts: 0,
  auditOk: true,
  findings: [],
};

/** Started; whoever asks for it stops it. */
export async function standInCompany(): Promise<StandIn> {
  const stipend = new StandIn();
  await stipend.start();
  for (const [route, answer] of [
    ['GET /api/v1/people', page(ada)],
    ['POST /api/v1/people', { status: 201, body: ada }],
    [`GET /api/v1/people/${ada.id}`, { body: ada }],
    [`GET /api/v1/people/${ada.id}/balance`, { body: balance }],
    ['GET /api/v1/pools', page(pool, { ...pool, id: id(9), name: 'research' })],
    ['POST /api/v1/services', { status: 201, body: service }],
    ['GET /api/v1/services', page(service)],
    ['GET /api/v1/grants', page(grant)],
    ['POST /api/v1/grants', { status: 201, body: grant }],
    ['GET /api/v1/keys', page(key)],
    ['POST /api/v1/keys', { status: 201, body: { ...key, key: 'stp_live_secret' } }],
    [`POST /api/v1/keys/${key.id}/rotate`, { body: { ...key, key: 'stp_live_fresh' } }],
    [`DELETE /api/v1/keys/${key.id}`, { body: { ...key, revokedAt: at } }],
    ['GET /api/v1/me', { body: { kind: 'person', person: ada, balance, keys: [key] } }],
    ['GET /api/v1/ledger/verify', { body: verdict }],
  ] as const) {
    stipend.answers.set(route, answer);
  }
  return stipend;
}
