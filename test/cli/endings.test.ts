import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { standInCompany, verdict } from './company.ts';
import { problem, type RunOptions, run, type StandIn } from './stand-in.ts';

let stipend: StandIn;

beforeEach(async () => {
  stipend = await standInCompany();
});
afterEach(() => stipend.stop());

function stipendCli(argv: readonly string[], options: RunOptions = {}) {
  return run(argv, { ...options, env: { STIPEND_URL: stipend.url, STIPEND_ADMIN_KEY: 'admin', ...options.env } });
}

describe('ledger verify', () => {
  it('exits with 0 when the ledger holds', async () => {
    expect(await stipendCli(['ledger', 'verify'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('exits with 1 when it does not, and says why', async () => {
    const broken = { ...verdict, ok: false, findings: ['Account 7 is negative.'] };
    stipend.answers.set('GET /api/v1/ledger/verify', { body: broken });
    const { code, stderr, stdout } = await stipendCli(['ledger', 'verify', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual(broken);
    expect(stderr).toContain('Account 7 is negative.');
  });

  it.each([
    ['the store is down', { status: 503, body: problem(503, 'store_unavailable', 'The store does not answer.') }],
    ['something else answers', { body: '<html>', contentType: 'text/html' }],
    ['it answers with something else', { body: { hello: 'world' } }],
    ['the key is refused', { status: 403, body: problem(403, 'policy_denied', 'This is for administrators.') }],
  ])('exits with 2 when %s', async (_, answer) => {
    stipend.answers.set('GET /api/v1/ledger/verify', answer);
    expect(await stipendCli(['ledger', 'verify'])).toMatchObject({ code: 2, stdout: '' });
  });

  it('exits with 2 when nobody answers, and says what to do', async () => {
    await stipend.stop();
    const { code, stderr } = await stipendCli(['ledger', 'verify']);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /does not answer at http:\/\/127\.0\.0\.1:\d+ \(connection refused\): start it with `npm start`/,
    );
  });
});

describe('a no of the server', () => {
  it('is one sentence with every field that is wrong, and exit code 1', async () => {
    const wrong = [{ pointer: '/email', message: 'must be an e-mail address' }];
    stipend.answers.set('POST /api/v1/people', {
      status: 422,
      body: problem(422, 'unprocessable', 'That does not fit.', wrong),
    });
    expect(await stipendCli(['person', 'add', 'nonsense', 'Ada'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'stipend: That does not fit – email: must be an e-mail address\n',
    });
  });

  it('does not tell twice what the sentence says of the one field that is wrong', async () => {
    const detail = 'email must be an e-mail address';
    const body = problem(422, 'unprocessable', detail, [{ pointer: '/email', message: 'must be an e-mail address' }]);
    stipend.answers.set('POST /api/v1/people', { status: 422, body });
    expect((await stipendCli(['person', 'add', 'nonsense', 'Ada'])).stderr).toBe(`stipend: ${detail}\n`);
  });

  it('is not followed to another address with the key in hand', async () => {
    const elsewhere = { status: 302, body: '', location: '/elsewhere' };
    stipend.answers.set('GET /api/v1/ledger/verify', elsewhere);
    expect((await stipendCli(['ledger', 'verify'])).code).toBe(2);
    expect(stipend.asked).toHaveLength(1);
  });
});

describe('the command line itself', () => {
  it.each([
    [['person', 'ad'], /Did you mean add/],
    [['grant', 'award', 'ada@example.com', '1.234,56'], /no amount of dollars/],
    [['grant', 'award', 'ada@example.com', '10', '--expires-on', '2026-02-31'], /no date/],
    [['person', 'list', '--limit', '0'], /from 1 to/],
    [['--server', 'localhost', 'person', 'list'], /not the address of a server/],
    [['connect', 'emacs'], /Allowed choices are claude-code/],
    [['provider', 'set', 'mistral'], /Allowed choices/],
    [['nonsense'], /unknown command/],
  ])('%j is wrong: exit code 64', async (argv, why) => {
    const { code, stderr, stdout } = await stipendCli(argv);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toMatch(why);
    expect(stipend.asked).toEqual([]);
  });

  it('without a key says where it comes from', async () => {
    const { code, stderr } = await run(['person', 'list'], { env: { STIPEND_URL: stipend.url } });
    expect(code).toBe(64);
    expect(stderr).toMatch(/printed once, at its first start: pass it in STIPEND_ADMIN_KEY or with --key/);
  });

  it('takes a key from a file that the environment names', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stipend-key-'));
    writeFileSync(join(folder, 'key'), 'from-a-file\n');
    await run(['person', 'list'], { env: { STIPEND_URL: stipend.url, STIPEND_ADMIN_KEY_FILE: join(folder, 'key') } });
    rmSync(folder, { recursive: true });
    expect(stipend.asked[0]?.authorization).toBe('Bearer from-a-file');
  });

  it('--help is no error', async () => {
    const { code, stdout, stderr } = await stipendCli(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of ['serve', 'doctor', 'connect', 'Exit codes']) expect(stdout).toContain(word);
  });

  it('--help of a command has the options of every command too', async () => {
    const { stdout } = await stipendCli(['grant', 'award', '--help']);
    expect(stdout).toMatch(/--expires-on[\s\S]*Global Options:[\s\S]*--server/);
  });

  it('prints a completion script that knows the commands', async () => {
    const { stdout } = await stipendCli(['completion', 'bash']);
    expect(stdout).toContain("' key') words='create list rotate revoke");
  });

  it('outlives a reader that has seen enough', async () => {
    const closed = new PassThrough();
    closed.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    const io = { stdout: closed, stderr: new PassThrough(), stdin: Readable.from([]), cwd: '/' };
    const environment = { STIPEND_URL: stipend.url, STIPEND_ADMIN_KEY: 'admin' };
    expect(await runCli(['person', 'list'], environment, io)).toBe(0);
  });
});
