/** bootstrap.mjs with an npm that only notes how it was called: the real one takes half a minute and a network. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const BOOTSTRAP = fileURLToPath(new URL('../../bootstrap.mjs', import.meta.url));
/** Notes its arguments and waits for the file `go`, then does what npm ci does. */
const NPM = `#!/bin/sh
echo "$@" >> calls
while [ ! -e go ]; do sleep 0.02; done
[ -e broken ] && { echo "npm is unwell" >&2; exit 7; }
rm -rf node_modules && mkdir node_modules
`;

/** Root without its power to write anywhere, of util-linux. */
const AS_ANYBODY = ['setpriv', '--bounding-set', '-dac_override', '--inh-caps', '-dac_override'];

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stipend-bootstrap-'));
  await copyFile(BOOTSTRAP, join(folder, 'bootstrap.mjs'));
  await writeFile(join(folder, 'package-lock.json'), '{}');
  await writeFile(join(folder, 'npm'), NPM);
  await chmod(join(folder, 'npm'), 0o755);
});

afterEach(async () => {
  await chmod(folder, 0o755);
  await rm(folder, { recursive: true, force: true });
});

interface Start {
  readonly process: ChildProcess;
  /** Resolves when it has said these words. */
  says(words: string): Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly words: string }>;
}

function start(env: Record<string, string> = {}, through: readonly string[] = []): Start {
  const path = [folder, process.env['PATH']].join(delimiter);
  const [program = '', ...args] = [...through, process.execPath, 'bootstrap.mjs'];
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, PATH: path, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words += chunk.toString();
  });
  return {
    process: child,
    says: async (expected) => {
      while (!words.includes(expected)) await once(child.stderr, 'data');
    },
    ended: once(child, 'close').then(([code]) => ({ code, words })),
  };
}

const go = () => writeFile(join(folder, 'go'), '');
const calls = async () => (await readFile(join(folder, 'calls'), 'utf8').catch(() => '')).split('\n').filter(Boolean);

describe('the bootstrap', () => {
  it('installs once, with everything the build needs and no install script', async () => {
    await go();
    expect(await start({ NODE_ENV: 'production' }).ended).toMatchObject({ code: 0 });
    expect(await start().ended).toEqual({ code: 0, words: '' });
    expect(await calls()).toEqual([expect.stringMatching(/^ci --ignore-scripts --include=dev --include=optional/)]);
  });

  it('installs again when the lockfile has changed', async () => {
    await go();
    await start().ended;
    await writeFile(join(folder, 'package-lock.json'), '{ "changed": true }');
    await start().ended;
    expect(await calls()).toHaveLength(2);
  });

  it('of two starts lets one install and the other wait for it', async () => {
    const first = start();
    await first.says('installing');
    const second = start();
    await second.says('waiting');
    await go();
    expect((await first.ended).code).toBe(0);
    expect((await second.ended).code).toBe(0);
    expect(await calls()).toHaveLength(1);
  });

  it('goes on where a start was killed while it installed', async () => {
    const first = start();
    await first.says('installing');
    first.process.kill('SIGKILL');
    // Its npm runs on, and two at once would spoil each other's work.
    const second = start();
    await second.says('waiting');
    await expect.poll(calls).toHaveLength(1);
    await go();
    expect((await second.ended).code).toBe(0);
    expect(await calls()).toHaveLength(2);
  });

  it('says how npm failed, and tries again the next time', async () => {
    await go();
    await writeFile(join(folder, 'broken'), '');
    const { code, words } = await start().ended;
    expect(code).toBe(1);
    expect(words).toMatch(/npm is unwell[\s\S]*npm ci.*7/);
    await rm(join(folder, 'broken'));
    expect((await start().ended).code).toBe(0);
  });

  it('says so where this user may not write', async () => {
    await chmod(folder, 0o555);
    const { code, words } = await start({}, process.getuid?.() === 0 ? AS_ANYBODY : []).ended;
    expect(code).toBe(1);
    expect(words).toMatch(
      /^stipend: .* may not write in \S+: start it as the folder's owner, or in a copy of your own\n$/,
    );
  });

  it('says so when there is no npm', async () => {
    await rm(join(folder, 'npm'));
    const { code, words } = await start({ PATH: folder }).ended;
    expect(code).toBe(1);
    expect(words).toMatch(/npm ci.*ENOENT/);
  });
});
