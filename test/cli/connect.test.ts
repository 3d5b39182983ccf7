import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from './stand-in.ts';

const key = 'stp_live_0123456789abcdef';
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'stipend-connect-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const connect = (argv: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  run(['connect', ...argv], { env: { HOME: home, ...env } });

describe('connect', () => {
  it('prints the set-up and touches nothing', async () => {
    const { code, stdout } = await connect(['codex'], {
      STIPEND_KEY: key,
      STIPEND_URL: 'https://stipend.example.com/',
    });
    expect(code).toBe(0);
    expect(stdout).toContain('base_url = "https://stipend.example.com/openai/v1"');
    expect(stdout).toContain(`STIPEND_KEY=${key}`);
    expect(() => readFileSync(join(home, '.codex', 'config.toml'))).toThrow(/ENOENT/);
  });

  it('prints where the key goes when none is given', async () => {
    expect((await connect(['claude-code'])).stdout).toContain('"ANTHROPIC_AUTH_TOKEN": "stp_live_YOUR_KEY"');
  });

  it('writes the set-up, shows the change without the key, and finds nothing to do the second time', async () => {
    mkdirSync(join(home, '.claude'));
    const path = join(home, '.claude', 'settings.json');
    writeFileSync(path, '{\n  // mine\n  "model": "opus"\n}\n');
    const first = await connect(['claude-code', '--write', '--key', key]);
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('+     "ANTHROPIC_BASE_URL": "http://127.0.0.1:8787/anthropic"');
    expect(first.stdout).not.toContain(key);
    expect(first.stdout).toMatch(/The file as it was: .*settings\.json\.before-stipend-\d{8}T\d{6}Z/);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('// mine');
    expect(text).toContain(key);

    const second = await connect(['claude-code', '--write', '--key', key]);
    expect(second).toEqual({ code: 0, stdout: 'Claude Code is set up already: nothing was changed.\n', stderr: '' });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('warns of a variable in the shell that quarrels with the files', async () => {
    const { stderr } = await connect(['claude-code', '--write', '--key', key], { ANTHROPIC_API_KEY: 'sk-ant-x' });
    expect(stderr).toContain('ANTHROPIC_API_KEY');
  });

  it('leaves a broken file alone and says what to do', async () => {
    mkdirSync(join(home, '.codex'));
    writeFileSync(join(home, '.codex', 'config.toml'), 'model = ');
    const { code, stderr } = await connect(['codex', '--write', '--key', key]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/config\.toml is left as it is: it is not valid TOML .*; `stipend connect codex` prints/);
    expect(readFileSync(join(home, '.codex', 'config.toml'), 'utf8')).toBe('model = ');
  });

  it('says what the system refused, without a stack trace', async () => {
    writeFileSync(join(home, 'file'), '');
    const { code, stderr } = await connect(['claude-code', '--write', '--key', key], { HOME: join(home, 'file') });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^stipend: ENOTDIR: .*\n$/);
  });

  it.each([
    ['an admin key', ['codex', '--write', '--key', 'an-admin-key-of-thirty-two-characters']],
    ['no key', ['codex', '--write']],
    ['an SDK', ['openai-sdk', '--write', '--key', key]],
  ])('with %s has nothing to write: exit code 64', async (_, argv) => {
    expect((await connect(argv, { STIPEND_ADMIN_KEY: 'an-admin-key' })).code).toBe(64);
  });

  it('prints an SDK’s variables and code', async () => {
    const { stdout } = await connect(['genai-sdk', '--key', key]);
    expect(stdout).toContain('export GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:8787/gemini');
    expect(stdout).toContain("httpOptions: { baseUrl: 'http://127.0.0.1:8787/gemini' }");
  });

  it('prints one JSON document when asked to', async () => {
    const document: unknown = JSON.parse((await connect(['gemini-cli', '--json', '--key', key])).stdout);
    expect(document).toMatchObject({ client: 'gemini-cli', files: [{ path: join(home, '.gemini', '.env') }, {}] });
  });
});
