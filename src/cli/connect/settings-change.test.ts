import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLIENTS, type SettingsFile } from './clients.ts';
import { Uneditable } from './setting.ts';
import { planChanges, showChange, writeChange } from './settings-change.ts';

const at = new Date('2026-11-23T22:30:00.123Z');
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'stipend-settings-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function filesOf(name: string): SettingsFile[] {
  const target = { server: 'http://127.0.0.1:8787', key: 'stp_live_0123456789abcdef' };
  return CLIENTS.filter((client) => client.name === name).flatMap((client) => [
    ...client.files({ HOME: home }, target),
  ]);
}

function write(name: string): (string | undefined)[] {
  return planChanges(filesOf(name)).map((change) => writeChange(change, at));
}

describe('changing a client’s settings files', () => {
  it('makes them, with their folder, for their owner alone', () => {
    expect(write('codex')).toEqual([undefined, undefined]);
    const path = join(home, '.codex', 'config.toml');
    expect(readFileSync(path, 'utf8')).toContain('[model_providers.stipend]');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, '.codex')).mode & 0o777).toBe(0o700);
  });

  it('keeps the file as it was beside the new one, and closes both to others', () => {
    const folder = join(home, '.claude');
    mkdirSync(folder);
    writeFileSync(join(folder, 'settings.json'), '{"model": "opus"}\n');
    chmodSync(join(folder, 'settings.json'), 0o644);
    const copy = join(folder, 'settings.json.before-stipend-20261123T223000Z');
    expect(write('claude-code')).toEqual([copy]);
    expect(readFileSync(copy, 'utf8')).toBe('{"model": "opus"}\n');
    expect(readFileSync(join(folder, 'settings.json'), 'utf8')).toContain('"model": "opus"');
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('does nothing the second time', () => {
    for (const { name } of CLIENTS) {
      write(name);
      expect(planChanges(filesOf(name))).toEqual([]);
    }
  });

  it('writes through a symbolic link, as people keep their settings in a repository', () => {
    mkdirSync(join(home, '.claude'));
    writeFileSync(join(home, 'dotfile.json'), '{}');
    symlinkSync(join(home, 'dotfile.json'), join(home, '.claude', 'settings.json'));
    write('claude-code');
    expect(lstatSync(join(home, '.claude', 'settings.json')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(home, 'dotfile.json'), 'utf8')).toContain('ANTHROPIC_BASE_URL');
  });

  it('changes the file that is there, not one beside it', () => {
    mkdirSync(join(home, '.config', 'opencode'), { recursive: true });
    writeFileSync(join(home, '.config', 'opencode', 'opencode.jsonc'), '{ /* mine */ }');
    write('opencode');
    expect(existsSync(join(home, '.config', 'opencode', 'opencode.json'))).toBe(false);
    expect(readFileSync(join(home, '.config', 'opencode', 'opencode.jsonc'), 'utf8')).toContain('/* mine */');
  });

  it('writes none of a client’s files when one of them cannot be changed, and names it', () => {
    mkdirSync(join(home, '.gemini'));
    writeFileSync(join(home, '.gemini', 'settings.json'), '{ broken');
    expect(() => write('gemini-cli')).toThrow(Uneditable);
    expect(() => write('gemini-cli')).toThrow(/settings\.json is left as it is: it is not valid JSON/);
    expect(existsSync(join(home, '.gemini', '.env'))).toBe(false);
  });
});

describe('showing a change', () => {
  it('has what goes, what comes and what is around, and no secret in clear', () => {
    const before =
      '{\n  "a": 1,\n  "b": 2,\n  "c": 3,\n  "env": {\n    "ANTHROPIC_AUTH_TOKEN": "sk-ant-0123456789-secret"\n  }\n}\n';
    const after = before.replace('sk-ant-0123456789-secret', 'stp_live_0123456789abcdef');
    expect(showChange({ path: '~/settings.json', before, after })).toBe(
      [
        'change ~/settings.json',
        '  …',
        '    "c": 3,',
        '    "env": {',
        '-     "ANTHROPIC_AUTH_TOKEN": "sk-ant-01234…"',
        '+     "ANTHROPIC_AUTH_TOKEN": "stp_live_012…"',
        '    }',
        '  }',
      ].join('\n'),
    );
  });

  it('of a new file has all of it', () => {
    expect(showChange({ path: '~/.env', after: 'A=1\nB=2\n' })).toBe('new file ~/.env\n+ A=1\n+ B=2');
  });
});
