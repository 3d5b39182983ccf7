/**
 * `npm test`: every suite, one after another, and as the last line the sum over all of them. A static guard counts as
 * one test; a suite that cannot run and a test that is skipped count as failed. `node test/run.ts clients` runs the
 * suites of that one vitest project, for those that have a script of their own.
 */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Tally {
  readonly passed: number;
  readonly failed: number;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Suites with a script of their own: what they need is too large to install for every run. */
const OWN_SCRIPT = ['clients'];
const POSTGRES_15 = process.env['TEST_POSTGRES_15'] ?? '/usr/lib/postgresql/15';

const [only] = process.argv.slice(2);
const tallies = only === undefined ? [...guards(), postgres15(), ...vitest()] : [...vitest(only)];
const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

function guards(): Tally[] {
  return [
    guard('the formatter and the linter find nothing', 'biome', ['ci', '--colors=off', '.']),
    guard('every type fits', 'tsc', ['-p', '.', '--pretty', 'false']),
    guard('nothing is unused', 'knip', ['--no-progress']),
  ];
}

/** Says only what is wrong. */
function guard(name: string, program: string, args: readonly string[]): Tally {
  const { status, stdout, stderr } = run(program, args, 'pipe');
  return verdict(name, status === 0, `${stdout ?? ''}${stderr ?? ''}`);
}

/** The store suites run on Debian's PostgreSQL 15 too. Where it is missing root installs it; anybody else is told. */
function postgres15(): Tally {
  const isThere = () => existsSync(join(POSTGRES_15, 'bin', 'postgres'));
  if (!isThere() && process.getuid?.() === 0) {
    process.stdout.write('PostgreSQL 15 is missing; installing it\n');
    const update = run('apt-get', ['update', '-qq'], 'inherit');
    if (update.status === 0) run('apt-get', ['install', '-y', '-qq', 'postgresql-15', 'postgresql-contrib'], 'inherit');
  }
  return verdict(
    'PostgreSQL 15 is there for the store suites',
    isThere(),
    `It is not at ${POSTGRES_15}. Install it (apt-get install postgresql-15), or name its folder in TEST_POSTGRES_15.`,
  );
}

function vitest(project?: string): Tally[] {
  const folder = mkdtempSync(join(tmpdir(), 'stipend-run-'));
  const report = join(folder, 'report.json');
  const projects = project ? [project] : OWN_SCRIPT.map((each) => `!${each}`);
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const chosen = projects.flatMap((each) => ['--project', each]);
    const { status } = run('vitest', ['run', ...reporters, ...chosen], 'inherit');
    if (!existsSync(report)) return [verdict('vitest runs', false, 'It ended without a report; see above.')];
    return read(JSON.parse(readFileSync(report, 'utf8')), status === 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What vitest's JSON report says of one run, after Jest's format. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

function read(report: Report, isClean: boolean): Tally[] {
  const tallies = [{ passed: report.numPassedTests, failed: report.numFailedTests }];
  for (const file of report.testResults) {
    // A file that does not load has no tests to fail.
    if (file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed')) {
      tallies.push(verdict(file.name, false, file.message));
    }
    for (const { fullName, status } of file.assertionResults) {
      if (status !== 'passed' && status !== 'failed')
        tallies.push(verdict(fullName, false, `It was not run: ${status}`));
    }
  }
  const isExplained = tallies.some(({ failed }) => failed > 0);
  if (!isClean && !isExplained) tallies.push(verdict('vitest ends cleanly', false, 'Its own words are above.'));
  return tallies;
}

function verdict(name: string, isGood: boolean, words: string): Tally {
  process.stdout.write(isGood ? `✓ ${name}\n` : `✗ ${name}\n${words.trimEnd()}\n`);
  return isGood ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function run(program: string, args: readonly string[], output: 'pipe' | 'inherit'): SpawnSyncReturns<string> {
  const path = [join(ROOT, 'node_modules', '.bin'), process.env['PATH']].join(delimiter);
  return spawnSync(program, args, {
    cwd: ROOT,
    stdio: ['ignore', output, output],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, PATH: path, NODE_ENV: 'test' },
  });
}
