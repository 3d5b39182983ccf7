import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';

const SECRET = 'k7Jd0sLq2mWx9Zr4Tn6Vb8Yc1Ph3Gf5Q';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stipend-config-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

function refusal(env: Record<string, string>): string {
  try {
    loadConfig(env, folder);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('without any setting', () => {
  it('is this machine only, the embedded database, the public providers and the sandbox', () => {
    expect(loadConfig({ PATH: '/bin' }, folder)).toEqual({
      host: '127.0.0.1',
      port: 8787,
      dataDir: join(folder, '.stipend'),
      providers: {
        anthropic: { baseUrl: 'https://api.anthropic.com' },
        openai: { baseUrl: 'https://api.openai.com/v1' },
        gemini: { baseUrl: 'https://generativelanguage.googleapis.com' },
      },
      allowPrivateProviders: false,
      zone: 'UTC',
      whereToAsk: 'your manager or the people team',
    });
  });

  it('takes an empty variable for an unset one, and leaves the command line client its own', () => {
    const env = { STIPEND_PORT: '', STIPEND_DATABASE_URL: '', STIPEND_KEY: 'stp_live_x', STIPEND_URL: 'http://x' };
    expect(loadConfig(env, folder)).toEqual(loadConfig({}, folder));
  });

  it('cannot be changed once it is read', () => {
    const config = loadConfig({}, folder);
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.providers.openai)).toBe(true);
  });
});

describe('settings', () => {
  it('come from the environment', () => {
    const config = loadConfig(
      {
        STIPEND_HOST: '::',
        STIPEND_PORT: '0',
        STIPEND_DATA_DIR: '/var/lib/stipend',
        STIPEND_DATABASE_URL: 'postgresql://stipend:p@db.example.com/stipend',
        STIPEND_ADMIN_KEY: SECRET,
        STIPEND_PEPPER: SECRET,
        STIPEND_OPENAI_BASE_URL: 'http://127.0.0.1:4000/v1',
        STIPEND_OPENAI_API_KEY: 'sk-1',
        STIPEND_ALLOW_PRIVATE_PROVIDERS: '1',
      },
      folder,
    );
    expect(config).toMatchObject({
      host: '::',
      port: 0,
      dataDir: '/var/lib/stipend',
      databaseUrl: 'postgresql://stipend:p@db.example.com/stipend',
      adminKey: SECRET,
      providers: { openai: { baseUrl: 'http://127.0.0.1:4000/v1', apiKey: 'sk-1' } },
      allowPrivateProviders: true,
      zone: 'UTC',
      whereToAsk: 'your manager or the people team',
    });
    expect(config.pepper).toEqual(new TextEncoder().encode(SECRET));
  });

  it('come from stipend.yaml, over which the environment wins', () => {
    file('stipend.yaml', `port: 9000\nhost: 0.0.0.0\nallow_private_providers: true\nopenai_api_key: "sk-1"\n`);
    const config = loadConfig({ STIPEND_PORT: '9001' }, folder);
    expect(config).toMatchObject({ port: 9001, host: '0.0.0.0', allowPrivateProviders: true });
    expect(config.providers.openai.apiKey).toBe('sk-1');
  });

  it('may be named in stipend.yaml as in the environment', () => {
    const key = file('key', SECRET);
    file('stipend.yaml', `STIPEND_PORT: 9000\nSTIPEND_ADMIN_KEY_FILE: ${key}\n`, 0o644);
    expect(loadConfig({}, folder)).toMatchObject({ port: 9000, adminKey: SECRET });
  });

  it('of a secret come from a file, without its last line break', () => {
    const path = file('key', `${SECRET}\n`);
    expect(loadConfig({ STIPEND_ADMIN_KEY_FILE: path }, folder).adminKey).toBe(SECRET);
    file('stipend.yaml', 'admin_key_file: key\n', 0o644);
    expect(loadConfig({}, folder).adminKey).toBe(SECRET);
  });
});

describe('refused by name', () => {
  it.each([
    ['STIPEND_PROT', '8787', /^STIPEND_PROT is not a setting/],
    ['STIPEND_port', '8787', /^STIPEND_port is not a setting/],
    ['STIPEND_PORT_FILE', '/port', /^STIPEND_PORT_FILE is not a setting/],
    ['STIPEND_PORT', '65536', /^STIPEND_PORT must be a whole number from 0 to 65535$/],
    ['STIPEND_PORT', '8e3', /^STIPEND_PORT must be/],
    ['STIPEND_HOST', 'http://localhost', /^STIPEND_HOST must be/],
    ['STIPEND_DATABASE_URL', 'mysql://root@localhost/x', /^STIPEND_DATABASE_URL must be .*postgresql:/],
    ['STIPEND_DATABASE_URL', 'postgresql://db.example.com', /^STIPEND_DATABASE_URL must be .*names a database/],
    ['STIPEND_ADMIN_KEY', 'short', /^STIPEND_ADMIN_KEY must have at least 32/],
    ['STIPEND_PEPPER', 'x'.repeat(64), /^STIPEND_PEPPER must be random/],
    ['STIPEND_OPENAI_API_KEY', 'sk-1\r\nx-evil: 1', /^STIPEND_OPENAI_API_KEY must be printable/],
    ['STIPEND_ALLOW_PRIVATE_PROVIDERS', 'yes', /^STIPEND_ALLOW_PRIVATE_PROVIDERS must be 1 or 0$/],
    ['STIPEND_GEMINI_BASE_URL', 'http://169.254.169.254', /^STIPEND_GEMINI_BASE_URL .*ALLOW_PRIVATE_PROVIDERS=1/],
    ['STIPEND_ANTHROPIC_BASE_URL', 'file:///etc/passwd', /^STIPEND_ANTHROPIC_BASE_URL must begin with https:/],
    ['STIPEND_ADMIN_KEY_FILE', '/nowhere/key', /^STIPEND_ADMIN_KEY_FILE cannot be read: ENOENT/],
  ])('%s=%s', (name, value, words) => expect(refusal({ [name]: value })).toMatch(words));

  it('a secret that every user of the machine can read, in its own file or in stipend.yaml', () => {
    const path = file('key', SECRET, 0o644);
    expect(refusal({ STIPEND_ADMIN_KEY_FILE: path })).toMatch(/^STIPEND_ADMIN_KEY_FILE .*chmod 600/);
    for (const name of ['admin_key', 'STIPEND_ADMIN_KEY']) {
      file('stipend.yaml', `${name}: "${SECRET}"\n`, 0o644);
      expect(refusal({})).toMatch(/^stipend\.yaml holds a secret .*chmod 600/);
    }
  });

  it('a secret that is given twice', () => {
    const path = file('key', SECRET);
    expect(refusal({ STIPEND_PEPPER: SECRET, STIPEND_PEPPER_FILE: path })).toBe(
      'STIPEND_PEPPER and STIPEND_PEPPER_FILE are both set: keep one',
    );
  });

  it.each([
    ['port: 1\nSTIPEND_PORT: 2', /^stipend\.yaml: port and stipend\.yaml: STIPEND_PORT are both set/],
    ['ports: 1', /^stipend\.yaml: ports is not a setting/],
    ['port: [1]', /^stipend\.yaml: port must be plain text$/],
    ['port: eight', /^stipend\.yaml: port must be a whole number/],
    ['admin_key: 12345678901234567890123456789012', /^stipend\.yaml: admin_key must be plain text in quotes$/],
    ['- port', /^stipend\.yaml must be a map/],
    ['port: "1', /^stipend\.yaml cannot be read/],
  ])('a file that says %s', (text, words) => {
    file('stipend.yaml', text);
    expect(refusal({})).toMatch(words);
  });

  it('all at once, one line each, never with a secret in it', () => {
    const message = refusal({ STIPEND_PORT: 'x', STIPEND_PEPPER: 'hunter2', STIPEND_ADMIN_KEY: 'hunter2' });
    expect(message.split('\n')).toHaveLength(3);
    expect(message).not.toContain('hunter2');
  });
});
