/** What comes from outside is pinned, and nothing tells about the machine it was written on. */
import { expect, it } from 'vitest';
import { findings, projectFiles, textOf } from './files.ts';

interface Manifest {
  readonly [kind: string]: Readonly<Record<string, string>> | undefined;
}

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly integrity?: string; readonly link?: boolean }>
  >;
}

const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies'];
const manifests = projectFiles(/(^|\/)package\.json$/);
const locks = projectFiles(/(^|\/)package-lock\.json$/);

it.each(manifests)('%s names every dependency by one exact version', (path) => {
  const manifest: Manifest = JSON.parse(textOf(path));
  const loose = KINDS.flatMap((kind) => Object.entries(manifest[kind] ?? {})).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
  );
  expect(loose).toEqual([]);
});

it.each(locks)('%s fixes every package by its content, wherever it is fetched from', (path) => {
  const lock: Lock = JSON.parse(textOf(path));
  const packages = Object.entries(lock.packages).filter(([place]) => place !== '');
  expect(packages.length).toBeGreaterThan(0);
  expect(packages.filter(([, each]) => !each.version || !each.integrity?.startsWith('sha512-'))).toEqual([]);
  expect(findings([path], /"resolved":/)).toEqual([]);
});

it('install scripts stay off and what is younger than a week stays out', () => {
  expect(textOf('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  expect(textOf('.npmrc')).toMatch(/^min-release-age=7$/m);
});

it('no file tells where or by what it was written', () => {
  const written = projectFiles(/\.(ts|tsx|mjs|js|json|md|yaml|yml|sh|css|html)$|^\.ci\/|^\.[a-z]+rc$/).filter(
    (path) => path !== 'test/tidy/supply.test.ts' && !path.endsWith('package-lock.json'),
  );
  expect(findings(written, /(?<![\w.])\/(work|root|home\/(?!ada)\w+|Users\/(?!ada)\w+)\/|\/tmp\/\w/)).toEqual([]);
  expect(findings(written, /registry\.(npmjs|yarnpkg)|\b(artifactory|nexus|verdaccio)\b|_authToken/i)).toEqual([]);
});
