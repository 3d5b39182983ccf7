import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, startStipend } from '../stage/stipend.ts';
import { run } from './stand-in.ts';

let stipend: Running;

beforeAll(async () => {
  stipend = await startStipend();
});
afterAll(() => stipend.dispose());

const operator = (...argv: readonly string[]) =>
  run(argv, { env: { STIPEND_URL: stipend.url, STIPEND_ADMIN_KEY: stipend.adminKey } });

const person = (key: string, ...argv: readonly string[]) =>
  run(argv, { env: { STIPEND_URL: stipend.url, STIPEND_KEY: key } });

describe('from a fresh Stipend to a spent dollar, on the command line alone', () => {
  it('adds, grants, makes a key, spends, looks, verifies and revokes', async () => {
    const added = await operator('person', 'add', 'ada@example.com', 'Ada', '--base-salary', '120,000');
    expect(added).toMatchObject({ code: 0, stderr: '' });
    const awarded = await operator('grant', 'award', 'ada@example.com', '50%');
    expect(awarded.stdout).toMatch(/^Granted \$60,000\.00 \(50% of base salary\)/);

    const made = await operator('key', 'create', 'ada@example.com', '--name', 'laptop');
    const key = made.stdout.trim();
    expect(key).toMatch(/^stp_live_\w+$/);
    const keyId = /id is ([\w-]+)/.exec(made.stderr)?.[1] ?? '';

    expect((await person(key, 'balance')).stdout).toMatch(/^available\s+\$60,000\.00$/m);
    expect((await person(key, 'usage')).stdout).toBe('No call yet.\n');
    await say(key, 'hi');
    const after = await person(key, 'balance');
    expect(after.stdout).toMatch(/test money/);
    expect(after.stdout).not.toMatch(/^spent\s+\$0\.00\s*$/m);
    expect((await person(key, 'usage')).stdout).toMatch(/claude-sonnet-4-5.*completed, test/);

    expect((await operator('ledger', 'verify')).stdout).toMatch(/^verdict\s+holds$/m);
    expect((await operator('ledger', 'entries')).stdout.split('\n').length).toBeGreaterThan(2);

    expect((await operator('key', 'revoke', keyId, '--yes')).code).toBe(0);
    const refused = await person(key, 'balance');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/revoked/i);
  });

  it('funds a pool and gives a service its key', async () => {
    expect((await operator('pool', 'add', 'platform')).code).toBe(0);
    expect((await operator('pool', 'fund', 'platform', '1000')).stdout).toMatch(/^Put \$1,000\.00 into platform/);
    expect((await operator('person', 'add', 'grace@example.com', 'Grace')).code).toBe(0);
    const service = await operator('service', 'add', 'ci', '--pool', 'platform', '--steward', 'grace@example.com');
    expect(service).toMatchObject({ code: 0, stderr: '' });
    const made = await operator('key', 'create', '--service', 'ci', '--pay-from', 'platform');
    expect(made.stdout).toMatch(/^stp_live_\w+\n$/);
    expect((await person(made.stdout.trim(), 'balance')).code).toBe(0);
    for (const noun of ['person', 'service', 'pool', 'grant', 'key', 'provider', 'price', 'admin']) {
      expect([noun, await operator(noun, 'list')]).toMatchObject([noun, { code: 0, stderr: '' }]);
    }
  });

  it('changes prices by two people', async () => {
    const second = (await operator('admin', 'add', 'Grace')).stdout.trim();
    const proposed = await operator(
      ...['price', 'admit', 'anthropic', 'claude-launched-today', '--input', '10', '--output', '50'],
      ...['--context-most', '200000', '--output-most', '64000', '--reason', 'launch day', '--json'],
    );
    expect(proposed.code).toBe(0);
    const id = String(JSON.parse(proposed.stdout).id);
    expect((await operator('price', 'approve', id)).code).toBe(1);
    const env = { STIPEND_URL: stipend.url, STIPEND_ADMIN_KEY: second };
    expect(await run(['price', 'approve', id], { env })).toMatchObject({ code: 0, stderr: '' });
    expect((await operator('price', 'show', '--model', 'launched')).stdout).toMatch(/\(provisional\) +\$10\.00/);
  });
});

async function say(key: string, text: string): Promise<void> {
  const answer = await fetch(`${stipend.url}/anthropic/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({ model: 'claude-sonnet-4-5', max_tokens: 64, messages: [{ role: 'user', content: text }] }),
  });
  expect(answer.status).toBe(200);
}
