// Plain JavaScript that an old Node can run: brings the locked dependencies in, and with them the Node that runs
// the product. It is called inside the npm commands, not as `prestart`, because `ignore-scripts=true` silently
// disables those hooks.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const modules = join(root, 'node_modules');
const stamp = join(modules, '.stipend-lock');
const lock = join(root, '.bootstrap-lock');
/** A lock is created and then filled; one that stays empty was left by a start that was killed between the two. */
const LOCK_FILLS_MS = 5_000;
const RUNTIME_MAJOR = 24;

/** What is to be installed: the locked packages, for this system. */
function wanted() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');
}

function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted();
}

function tryLock() {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (isAbandoned()) rmSync(lock, { force: true });
    return false;
  }
}

/** Whether the start that holds the lock is gone without having let go of it, and the npm that it ran is gone too. */
function isAbandoned() {
  const held = statSync(lock, { throwIfNoEntry: false });
  if (!held) return false;
  const pids = readFileSync(lock, 'utf8').split(' ').filter(Boolean);
  if (pids.length === 0) return Date.now() - held.mtimeMs > LOCK_FILLS_MS;
  return !pids.some((pid) => isAlive(Number(pid)));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

/** Returns what went wrong in words, or undefined. */
async function install() {
  // --include=dev: with NODE_ENV=production npm would drop what the build needs.
  const npm = spawn('npm', ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (npm.pid) writeFileSync(lock, `${process.pid} ${npm.pid}`);
  process.stderr.write('stipend: installing the locked dependencies\n');
  const [status] = await once(npm, 'exit').catch((error) => [error.message]);
  if (status !== 0) return `\`npm ci\` failed (${status}); its own words are above`;
  const failure = checkRuntime();
  if (!failure) writeFileSync(stamp, wanted());
  return failure;
}

/** The npm commands find `node_modules/.bin/node` first. Where npm has none that runs here, the caller's Node must do. */
function checkRuntime() {
  const own = join(modules, '.bin', 'node');
  if (existsSync(own)) {
    if (spawnSync(own, ['--version']).status === 0) return undefined;
    // A Node for another C library, for instance: out of the way, so that the system's is found.
    rmSync(own);
  }
  if (Number(process.versions.node.split('.')[0]) >= RUNTIME_MAJOR) return undefined;
  return `needs Node ${RUNTIME_MAJOR}, and npm carries none that runs on this ${process.platform}-${process.arch}; please install it (this is ${process.version})`;
}

/** Two starts at once: one installs, the other waits for it. Returns what went wrong in words, or undefined. */
async function bootstrap() {
  let isWaiting = false;
  while (!isInstalled()) {
    if (!tryLock()) {
      if (!isWaiting) process.stderr.write('stipend: another start is installing the dependencies; waiting for it\n');
      isWaiting = true;
      await pause(200);
      continue;
    }
    try {
      const failure = isInstalled() ? undefined : await install();
      if (failure) return failure;
    } finally {
      rmSync(lock, { force: true });
    }
  }
  return undefined;
}

/** What a person can mend, in words; anything else is a defect and keeps its stack. */
function wordsOf(error) {
  if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error;
  return `the dependencies are not installed, and this user may not write in ${root}: start it as the folder's owner, or in a copy of your own`;
}

const failure = await bootstrap().catch(wordsOf);
if (failure) {
  process.stderr.write(`stipend: ${failure}\n`);
  process.exit(1);
}
