/** From what a client's files say now to what they should say; everything is decided before anything is written. */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { diff } from 'node:util';
import { edited, type SettingsFile } from './clients.ts';
import { Uneditable } from './setting.ts';

export interface SettingsChange {
  readonly path: string;
  /** Absent: the file is new. */
  readonly before?: string;
  readonly after: string;
}

/** The one of a settings file's paths to read and change. */
export function chosenPath(file: SettingsFile): string {
  return file.paths.find((path) => existsSync(path)) ?? file.paths[0];
}

/**
 * What would change, file by file; files that say it all already are left out.
 * @throws Uneditable with the file named, before anything has been written
 */
export function planChanges(files: readonly SettingsFile[]): SettingsChange[] {
  return files.flatMap((file) => {
    const path = chosenPath(file);
    const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
    try {
      const after = edited(file, before);
      if (after === before) return [];
      return [before === undefined ? { path, after } : { path, before, after }];
    } catch (error) {
      if (error instanceof Uneditable) throw new Uneditable(`${path} is left as it is: ${error.message}`);
      throw error;
    }
  });
}

/**
 * Writes one change: the old file is kept beside it as `<name>.before-stipend-<time>`, the new one replaces it at once,
 * and only its owner can read either, for there is a key in it. A symbolic link stays one.
 *
 * @returns the path of the copy that was kept, where there was a file
 */
export function writeChange(change: SettingsChange, at: Date): string | undefined {
  const path = existsSync(change.path) ? realpathSync(change.path) : change.path;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const kept = change.before === undefined ? undefined : keepCopy(path, at);
  const fresh = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(fresh, change.after, { mode: ownerOnly(path), flag: 'wx', flush: true });
  renameSync(fresh, path);
  return kept;
}

/** The change line by line, two lines of what stays around what goes, and no secret in clear. */
export function showChange(change: SettingsChange): string {
  const lines = (text: string) => (text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/));
  const steps = diff(lines(change.before ?? ''), lines(change.after));
  const near = (at: number) => steps.slice(Math.max(0, at - 2), at + 3).some(([step]) => step !== 0);
  // `diff` counts from its first text: 1 is only there, -1 only in the second.
  const signs = { '0': ' ', '1': '-', '-1': '+' } as const;
  const shown = steps.flatMap(([step, line], at) => {
    if (near(at)) return [`${signs[`${step}`]} ${masked(line)}`];
    return at === 0 || near(at - 1) ? ['  …'] : [];
  });
  return [`${change.before === undefined ? 'new file' : 'change'} ${change.path}`, ...shown].join('\n');
}

/** Long values of anything that is called a key, token or secret, down to their first characters. */
function masked(line: string): string {
  return line.replace(/((?:KEY|TOKEN|SECRET)\w*["']?\s*[:=]\s*["']?)([^\s"',]{12})[^\s"',]+/gi, '$1$2…');
}

function keepCopy(path: string, at: Date): string {
  const copy = `${path}.before-stipend-${at.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  copyFileSync(path, copy);
  chmodSync(copy, ownerOnly(path));
  return copy;
}

function ownerOnly(path: string): number {
  return existsSync(path) ? statSync(path).mode & 0o700 : 0o600;
}
