/** The shape of the tree: where tests lie, how large files are, what they may be called, what the pure layers may do. */
import { existsSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/store/migrations/all.ts';
import { findings, projectFiles, ROOT, textOf } from './files.ts';

const LINES_MOST = 400;
const product = projectFiles(/^src\/.*\.ts$/);
const pure = product.filter((path) => /^src\/(core|wire)\//.test(path) && !path.endsWith('.test.ts'));

/** Whether anything is left to run, and so to test, when the types are taken away: a function, a method, a class. */
function holdsRule(path: string): boolean {
  const code = stripTypeScriptTypes(textOf(path)).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  return /\bfunction\b|=>|\bclass\b/.test(code);
}

it('every rule has its test beside it', () => {
  const untested = pure.filter((path) => {
    if (!holdsRule(path) || existsSync(join(ROOT, path.replace(/\.ts$/, '.test.ts')))) return false;
    // Or a test beside it that is about several files and imports this one.
    const beside = product.filter((each) => each.endsWith('.test.ts') && dirname(each) === dirname(path));
    return !beside.some((each) => textOf(each).includes(`'./${basename(path)}'`));
  });
  expect(untested).toEqual([]);
});

it('no file is longer than it can be read, unless its first line says why', () => {
  const long = projectFiles(/\.(ts|mjs|css|tsx)$/).filter((path) => {
    const lines = textOf(path).split('\n');
    return lines.length - 1 > LINES_MOST && !/^(\/\/|\/\*\*?) ?Long because /.test(lines[0] ?? '');
  });
  expect(long).toEqual([]);
});

it('no file only passes on what others export', () => {
  expect(product.filter((path) => /(^|\/)index\.ts$/.test(path))).toEqual([]);
  expect(findings(product, /^export (\*|\{[^}]*\}) from /)).toEqual([]);
});

it('every file has a name with an idea in it, in small letters', () => {
  const all = projectFiles(/^(src|web|test|scripts|docs)\//);
  const empty = /(^|[/-])(utils?|helpers?|common|misc|managers?|services?)([/.-]|$)/;
  // A service principal is a word of ours: who may spend beside people.
  const allowed = /^(src|test|web)\/.*\bservices?(\/|\.ts$|\.test\.ts$|-)|(add|change)-service\b/;
  expect(all.filter((path) => empty.test(path) && !allowed.test(path))).toEqual([]);
  expect(product.filter((path) => /[A-Z_ ]/.test(basename(path)))).toEqual([]);
});

it('core and wire have no clock, no randomness and no world', () => {
  const world =
    /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.|\bcrypto\b[.(]|\bprocess\.|\bsetTimeout\b|\bfetch\(|\bconsole\./;
  expect(findings(pure, world)).toEqual([]);
});

it('the migrations are numbered without a gap and all of them are listed in their order', () => {
  const names = projectFiles(/^src\/store\/migrations\/\d{4}-[a-z-]+\.ts$/).map((path) => basename(path, '.ts'));
  expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_name, index) => index + 1));
  expect(MIGRATIONS.map(({ name }) => name)).toEqual(names);
});
