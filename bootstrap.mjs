// Plain JavaScript that an old Node can run: brings the locked dependencies in, and with them the Node that runs
// the product. It is called inside the npm commands, not as `prestart`, because `ignore-scripts=true` silently
// disables those hooks.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const modules = join(root, 'node_modules');
const stamp = join(modules, '.stipend-lock');
const lock = join(root, '.bootstrap-lock');
/** An `npm ci` takes half a minute; a lock older than this was left by one that was killed. */
const LOCK_STALE_MS = 10 * 60 * 1000;

function lockedHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockedHash();
}

function tryLock() {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const held = statSync(lock, { throwIfNoEntry: false });
    if (held && Date.now() - held.mtimeMs > LOCK_STALE_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function pause(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function install() {
  process.stderr.write('stipend: installing the locked dependencies\n');
  // --include=dev: with NODE_ENV=production npm would drop what the build needs.
  const ci = spawnSync('npm', ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (ci.status !== 0) {
    process.stderr.write('stipend: `npm ci` failed; its own words are above\n');
    process.exit(ci.status ?? 1);
  }
  writeFileSync(stamp, lockedHash());
}

function checkRuntime() {
  const own = join(modules, '.bin', 'node');
  const major = Number(process.versions.node.split('.')[0]);
  if (existsSync(own) || major >= 24) return;
  process.stderr.write(
    `stipend: needs Node 24 and npm carries none for ${process.platform}-${process.arch}; please install Node 24 (this is ${process.version})\n`,
  );
  process.exit(1);
}

/** Two starts at once: one installs, the other waits for it. */
export function bootstrap() {
  while (!isInstalled()) {
    if (!tryLock()) {
      pause(200);
      continue;
    }
    try {
      if (!isInstalled()) install();
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
  checkRuntime();
}

bootstrap();
