import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ada, balance } from './company.ts';
import { problem, run, StandIn } from './stand-in.ts';

const key = 'stp_live_0123456789abcdef';
const available = { amount: '5.00', currency: 'USD' };
const me = { kind: 'person', person: ada, balance: { ...balance, available }, keys: [] };

let home: string;
let stipend: StandIn;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'stipend-doctor-'));
  mkdirSync(join(home, 'bin'));
  writeFileSync(join(home, 'bin', 'codex'), '#!/bin/sh\necho codex-cli 0.169.0\n');
  chmodSync(join(home, 'bin', 'codex'), 0o755);
  stipend = new StandIn();
  await stipend.start();
  stipend.answers.set('GET /readyz', { body: 'ready', contentType: 'text/plain' });
  stipend.answers.set('GET /api/v1/me', { body: me });
});
afterEach(async () => {
  await stipend.stop();
  rmSync(home, { recursive: true });
});

function doctor(...argv: readonly string[]) {
  const env = { HOME: home, PATH: `${join(home, 'bin')}:/usr/bin:/bin`, STIPEND_URL: stipend.url, STIPEND_KEY: key };
  return run(argv.length === 0 ? ['doctor'] : argv, { env });
}

describe('the doctor', () => {
  it('finds all well once a client is connected', async () => {
    expect((await doctor()).stdout).toContain('– Codex CLI 0.169.0 does not work through');
    expect((await doctor('connect', 'codex', '--write')).code).toBe(0);
    const { code, stdout } = await doctor();
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      `✓ Stipend answers at ${stipend.url}.`,
      '✓ The clocks agree.',
      '✓ The key is Ada’s.',
      '✓ $5.00 is available.',
      expect.stringMatching(/^– Calls are served by the sandbox/),
      '– Claude Code is not installed.',
      `✓ Codex CLI 0.169.0 works through ${stipend.url}.`,
      '– Gemini CLI is not installed.',
      '– opencode is not installed.',
      '',
    ]);
  });

  it('tells of a key that is refused: exit code 1', async () => {
    stipend.answers.set('GET /api/v1/me', { status: 401, body: problem(401, 'key_revoked', 'This key was revoked.') });
    const { code, stdout } = await doctor();
    expect(code).toBe(1);
    expect(stdout).toContain('✗ The key does not work: This key was revoked.');
  });

  it('tells of a server that is not ready: exit code 1', async () => {
    stipend.answers.set('GET /readyz', { status: 503, body: 'not ready', contentType: 'text/plain' });
    expect(await doctor()).toMatchObject({ code: 1, stdout: expect.stringContaining('✗ Stipend answers') });
  });

  it('tells of a server that is not there: exit code 2, and still looks at the clients', async () => {
    await stipend.stop();
    const { code, stdout } = await run(['doctor'], {
      env: { HOME: home, PATH: '', STIPEND_URL: stipend.url },
    });
    expect(code).toBe(2);
    expect(stdout).toMatch(/^✗ Stipend does not answer/);
    expect(stdout).toContain('Claude Code is not installed');
  });

  it('reports as one JSON document when asked to', async () => {
    const document: unknown = JSON.parse((await doctor('doctor', '--json')).stdout);
    expect(document).toMatchObject({
      server: stipend.url,
      findings: expect.arrayContaining([{ state: 'well', what: 'The clocks agree.' }]),
    });
  });
});
