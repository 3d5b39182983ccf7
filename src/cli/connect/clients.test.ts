import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CLIENTS, edited, settingIn } from './clients.ts';

const target = { server: 'https://stipend.example.com', key: 'stp_live_x' };
const home = { HOME: '/home/ada' };

const filesOf = (name: string, environment = home) =>
  CLIENTS.filter((client) => client.name === name).flatMap((client) => client.files(environment, target));

describe('a client’s files', () => {
  it.each([
    ['claude-code', ['/home/ada/.claude/settings.json']],
    ['codex', ['/home/ada/.codex/config.toml', '/home/ada/.codex/.env']],
    ['gemini-cli', ['/home/ada/.gemini/.env', '/home/ada/.gemini/settings.json']],
    ['opencode', ['/home/ada/.config/opencode/opencode.json']],
  ])('of %s lie at home', (name, paths) => expect(filesOf(name).map((file) => file.paths[0])).toEqual(paths));

  it.each([
    ['claude-code', { CLAUDE_CONFIG_DIR: '/c' }, '/c/settings.json'],
    ['codex', { CODEX_HOME: '/c' }, '/c/config.toml'],
    ['gemini-cli', { GEMINI_CLI_HOME: '/c' }, '/c/.gemini/.env'],
    ['opencode', { XDG_CONFIG_HOME: '/c' }, '/c/opencode/opencode.json'],
  ])('of %s lie where %j says', (name, elsewhere, path) => {
    expect(filesOf(name, { ...home, ...elsewhere })[0]?.paths[0]).toBe(path);
  });

  it('hold the key in places that are marked as secret, and nowhere else', () => {
    for (const file of CLIENTS.flatMap((client) => client.files(home, target))) {
      for (const setting of file.settings) expect(setting.value === target.key).toBe(setting.secret === true);
    }
  });

  it('say what was set in them, whatever their format', () => {
    for (const file of CLIENTS.flatMap((client) => client.files(home, target))) {
      const text = edited(file, undefined);
      for (const setting of file.settings) {
        expect(settingIn(file, text, setting)).toBe(setting.value);
        expect(settingIn(file, '', setting)).toBeUndefined();
      }
    }
  });
});

describe.each(CLIENTS.map((client) => [client.name, client] as const))('the guide of %s', (name, client) => {
  const guide = readFileSync(new URL(`../../../docs/guides/${name}.md`, import.meta.url), 'utf8');
  const shown = client.files(home, { server: 'http://127.0.0.1:8787', key: 'stp_live_YOUR_KEY' });

  it('shows the very files that are written', () => {
    for (const file of shown) {
      expect(guide).toContain(edited(file, undefined).trim());
      expect(guide).toContain(file.paths[0].replace('/home/ada', '~'));
    }
  });

  it('names the first prompt and the command that writes them', () => {
    expect(guide).toContain(client.firstPrompt);
    expect(guide).toContain(`stipend connect ${name} --write`);
  });
});
