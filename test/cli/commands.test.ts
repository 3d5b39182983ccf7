import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ada, at, balance, id, key, pool, service, standInCompany, usd } from './company.ts';
import { page, type RunOptions, run, type StandIn } from './stand-in.ts';

let stipend: StandIn;

beforeEach(async () => {
  stipend = await standInCompany();
});
afterEach(() => stipend.stop());

function stipendCli(argv: readonly string[], options: RunOptions = {}) {
  return run(argv, { ...options, env: { STIPEND_URL: stipend.url, STIPEND_ADMIN_KEY: 'admin', ...options.env } });
}

function bodyOf(line: string): unknown {
  return stipend.asked.find((asked) => asked.line === line)?.body;
}

describe('adding', () => {
  it('a person sends what was said, money as exact text', async () => {
    const { code, stdout } = await stipendCli([
      ...['person', 'add', 'ada@example.com', 'Ada', '--start-date', '2026-01-01'],
      ...['--base-salary', '$120,000', '--team', 'engine'],
    ]);
    expect(code).toBe(0);
    expect(stdout).toBe(`Added Ada <ada@example.com>, id ${ada.id}.\n`);
    expect(bodyOf('POST /api/v1/people')).toEqual({
      email: 'ada@example.com',
      name: 'Ada',
      startDate: '2026-01-01',
      baseSalary: usd('120000'),
      team: 'engine',
    });
  });

  it('a grant in percent of base, for somebody known by address, from a pool known by name', async () => {
    const { code, stdout } = await stipendCli([
      ...['grant', 'award', 'ada@example.com', '50%', '--pool', 'research', '--effective-on', '2026-11-01'],
      ...['--rollover-most', '100', '--note', 'H1'],
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('Granted $60,000.00 (50% of base salary), spendable from 2026-11-01, to ada@example.com');
    expect(bodyOf('POST /api/v1/grants')).toEqual({
      personId: ada.id,
      percentOfBase: '50',
      poolId: id(9),
      effectiveOn: '2026-11-01',
      rollover: { most: usd('100') },
      note: 'H1',
    });
    expect(stipend.asked[0]?.line).toContain('email=ada%40example.com');
  });

  it('a person is changed in what is named, and in nothing else', async () => {
    stipend.answers.set(`PATCH /api/v1/people/${ada.id}`, { body: { ...ada, team: 'engines' } });
    const { code, stdout } = await stipendCli(['person', 'change', ada.id, '--team', 'engines', '--base-salary', '1']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^team +engines$/m);
    expect(bodyOf(`PATCH /api/v1/people/${ada.id}`)).toEqual({ team: 'engines', baseSalary: usd('1') });
    expect((await stipendCli(['person', 'change', ada.id])).code).toBe(64);
  });

  it('a service names its pool and steward', async () => {
    await stipendCli(['service', 'add', 'ci', '--pool', 'engineering', '--steward', ada.id]);
    expect(bodyOf('POST /api/v1/services')).toEqual({ name: 'ci', poolId: pool.id, stewardId: ada.id });
  });

  it('says whom it could not find, and adds nothing', async () => {
    stipend.answers.set('GET /api/v1/people', page());
    const { code, stderr, stdout } = await stipendCli(['grant', 'award', 'bo@example.com', '10']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe('stipend: There is no person bo@example.com.\n');
    expect(bodyOf('POST /api/v1/grants')).toBeUndefined();
  });

  it('repeats safely under an idempotency key', async () => {
    await stipendCli(['grant', 'award', ada.id, '10', '--idempotency-key', 'november']);
    expect(stipend.asked.at(-1)).toMatchObject({ line: 'POST /api/v1/grants', idempotencyKey: 'november' });
  });
});

describe('a key', () => {
  it('is the only thing on standard output when it is made', async () => {
    const { stdout, stderr } = await stipendCli([
      ...['key', 'create', ada.id, '--name', 'laptop', '--model', 'a', '--model', 'b'],
      ...['--pay-from', 'engineering', '--pay-from', 'grants'],
    ]);
    expect(stdout).toBe('stp_live_secret\n');
    expect(stderr).toContain('shown this once');
    expect(stderr).not.toContain('stp_live_secret');
    expect(bodyOf('POST /api/v1/keys')).toEqual({
      personId: ada.id,
      name: 'laptop',
      funding: [{ poolId: pool.id }, { grants: true }],
      limits: { models: ['a', 'b'] },
    });
  });

  it('can be a service’s, but not everybody’s or nobody’s', async () => {
    await stipendCli(['key', 'create', '--service', 'ci']);
    expect(bodyOf('POST /api/v1/keys')).toEqual({ serviceId: service.id, name: 'default' });
    expect((await stipendCli(['key', 'create'])).code).toBe(64);
    expect((await stipendCli(['key', 'create', ada.id, '--service', 'ci'])).code).toBe(64);
  });

  it('is rotated with the overlap that was asked for', async () => {
    const { stdout } = await stipendCli(['key', 'rotate', key.id, '--overlap', '0']);
    expect(stdout).toBe('stp_live_fresh\n');
    expect(bodyOf(`POST /api/v1/keys/${key.id}/rotate`)).toEqual({ overlapSeconds: 0 });
  });

  it('is revoked only after a yes', async () => {
    const revoked = () => stipend.asked.some(({ line }) => line.startsWith('DELETE'));
    expect((await stipendCli(['key', 'revoke', key.id])).code).toBe(64);
    expect(await stipendCli(['key', 'revoke', key.id], { terminal: true, input: 'n\n' })).toMatchObject({ code: 1 });
    expect(revoked()).toBe(false);
    expect((await stipendCli(['key', 'revoke', key.id], { terminal: true, input: 'yes\n' })).code).toBe(0);
    expect((await stipendCli(['key', 'revoke', key.id, '--yes'])).code).toBe(0);
    expect(revoked()).toBe(true);
  });
});

describe('an administrator', () => {
  it('is added with a key of their own, the only thing on standard output', async () => {
    const added = { id: id(7), name: 'Grace', createdAt: at, key: 'an-admin-key' };
    stipend.answers.set('POST /api/v1/admins', { status: 201, body: added });
    const { stdout, stderr } = await stipendCli(['admin', 'add', 'Grace']);
    expect(stdout).toBe('an-admin-key\n');
    expect(stderr).toContain('shown this once');
    expect(bodyOf('POST /api/v1/admins')).toEqual({ name: 'Grace' });
  });

  it('is revoked only after a yes', async () => {
    stipend.answers.set(`DELETE /api/v1/admins/${id(7)}`, {
      body: { id: id(7), name: 'Grace', createdAt: at, revokedAt: at },
    });
    expect((await stipendCli(['admin', 'revoke', id(7)])).code).toBe(64);
    expect(stipend.asked).toEqual([]);
    expect((await stipendCli(['admin', 'revoke', id(7), '--yes'])).code).toBe(0);
  });
});

describe('looking', () => {
  it('at one’s own balance uses one’s own key, and shows what can be spent first', async () => {
    const { stdout } = await stipendCli(['balance'], { env: { STIPEND_KEY: 'stp_live_mine' } });
    expect(stipend.asked.map(({ authorization }) => authorization)).toEqual([
      'Bearer stp_live_mine',
      'Bearer stp_live_mine',
    ]);
    expect(stdout.split('\n')[1]).toBe('available        $1,234.500000001');
    expect(stdout).toMatch(/as of 2026-\d\d-\d\d \d\d:\d\d:\d\d \S+, test money/);
  });

  it('at somebody’s balance passes the moment on', async () => {
    await stipendCli(['balance', 'ada@example.com', '--as-of', '2026-12-01', '--book', 'live']);
    expect(stipend.asked.at(-1)?.line).toBe(`GET /api/v1/people/${ada.id}/balance?asOf=2026-12-01&book=live`);
  });

  it('at usage shows tokens and cost, and says when there is more', async () => {
    const usage = { input: 2, inputAudio: 0, inputImage: 0, cacheRead: 26_383, cacheWrite5m: 0, cacheWrite1h: 421 };
    const call = {
      requestId: 'r',
      at,
      book: 'live',
      provider: 'anthropic',
      model: 'claude-opus-5',
      usage: { ...usage, output: 57, outputAudio: 0, outputImage: 0, reasoning: 0 },
      cost: usd('0.0188365'),
      outcome: 'completed',
      principalId: ada.id,
    };
    stipend.answers.set('GET /api/v1/usage', { body: { items: [call], nextCursor: 'more' } });
    const { stdout, stderr } = await stipendCli(['usage', ada.id, '--from', '2026-11-01', '--limit', '1']);
    expect(stdout).toMatch(/claude-opus-5 {6}2 {2}26,804 {6}57 {2}\$0\.0188365 {2}completed/);
    expect(stderr).toContain('--limit');
    expect(stipend.asked.at(-1)?.line).toBe(`GET /api/v1/usage?personId=${ada.id}&from=2026-11-01&limit=1`);
  });

  it('at a long list walks its pages', async () => {
    stipend.answers.set('GET /api/v1/people', ({ line }) => ({
      body: line.includes('cursor=two') ? { items: [ada], nextCursor: null } : { items: [ada], nextCursor: 'two' },
    }));
    const { stdout } = await stipendCli(['person', 'list', '--json']);
    expect(JSON.parse(stdout)).toEqual({ items: [ada, ada], nextCursor: null });
  });

  it('at an empty list says what to do', async () => {
    stipend.answers.set('GET /api/v1/grants', page());
    expect((await stipendCli(['grant', 'list'])).stdout).toContain('stipend grant award');
  });

  it('prints one JSON document when asked to', async () => {
    const { stdout } = await stipendCli(['balance', ada.id, '--json']);
    expect(JSON.parse(stdout)).toEqual(balance);
  });
});

describe('prices', () => {
  const prices = {
    provider: 'anthropic',
    model: 'claude-new',
    alsoNamed: [],
    contextTokensMost: 200_000,
    outputTokensMost: 64_000,
    rates: [
      {
        tier: 'standard',
        contextAbove: 0,
        fast: false,
        geography: 'any',
        perToken: { input: 5_000_000, output: 25_000_000 },
      },
    ],
    perUse: {},
    provisional: true,
  };
  const override = {
    id: id(6),
    state: 'proposed',
    prices,
    effectiveOn: '2026-11-23',
    reason: 'launch',
    proposedBy: 'a',
    proposedAt: at,
  };

  it('of a new model are proposed in pico-dollars, and another admin is asked for', async () => {
    stipend.answers.set('POST /api/v1/price-overrides', { status: 201, body: override });
    const { stdout, code } = await stipendCli([
      ...['price', 'admit', 'anthropic', 'claude-new', '--input', '5', '--output', '0.025', '--reason', 'launch'],
      ...['--context-most', '200000', '--output-most', '64000', '--effective-on', '2026-11-23'],
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain(`stipend price approve ${id(6)}`);
    expect(bodyOf('POST /api/v1/price-overrides')).toMatchObject({
      rates: [{ perToken: { input: 5_000_000, output: 25_000 } }],
      provisional: true,
    });
  });

  it('of a file are checked before they are sent', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stipend-prices-'));
    writeFileSync(join(folder, 'bad.json'), JSON.stringify({ provider: 'anthropic', model: 7 }));
    const { code, stderr } = await stipendCli(['price', 'override', 'bad.json'], { cwd: folder });
    rmSync(folder, { recursive: true });
    expect(code).toBe(64);
    expect(stderr).toMatch(/bad\.json: model: /);
    expect(stipend.asked).toEqual([]);
  });

  it('are shown in dollars for a million tokens', async () => {
    const sheet = { id: '2026-11-23', effectiveOn: '2026-11-23', models: [prices] };
    stipend.answers.set('GET /api/v1/price-sheets/current', { body: sheet });
    expect((await stipendCli(['price', 'show'])).stdout).toMatch(/claude-new \(provisional\) +\$5\.00 +\$25\.00/);
  });
});

describe('a provider’s key', () => {
  const stored = { name: 'openai', baseUrl: 'https://api.openai.com/v1', credential: 'stored', servedBy: 'provider' };

  it('comes from standard input, and never from the command line', async () => {
    stipend.answers.set('POST /api/v1/providers', { status: 201, body: stored });
    const { stdout } = await stipendCli(['provider', 'set', 'openai'], { input: 'sk-secret\n' });
    expect(bodyOf('POST /api/v1/providers')).toEqual({ name: 'openai', apiKey: 'sk-secret' });
    expect(stdout).toBe('Stored the credential: openai is now served by the provider.\n');
    expect((await stipendCli(['provider', 'set', 'openai'], { terminal: true })).code).toBe(64);
  });
});
