/** Everything before the server: the folders, whose they are, how it can be started there, and the cluster itself. */
import { mkdtemp, open, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Binaries, packagedBinaries } from './binaries.ts';
import { createRoot, type Folders, foldersIn, giveTo, passwordIn } from './folders.ts';
import { chooseLaunch, chooseOwner, type Launch, type Owner } from './launch.ts';
import { EmbeddedRefused } from './refused.ts';
import { type Ground, initialise } from './server.ts';

/** Makes `dataDir` ready to start a server on. Throws EmbeddedRefused when that cannot be. */
export async function prepare(dataDir: string, log: (line: string) => void): Promise<Ground> {
  const packaged = await packagedBinaries();
  const owner = await chooseOwner(foldersIn(resolve(dataDir)).data);
  await createRoot(resolve(dataDir), owner);
  const folders = foldersIn(await realpath(dataDir));
  try {
    const password = await passwordIn(folders);
    const launch = (await hasCluster(folders, packaged))
      ? await chooseLaunch(packaged, owner, folders.data, folders.root)
      : await createCluster({ folders, password, log }, packaged, owner);
    return { folders, launch, password, log };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EACCES') throw cause;
    throw new EmbeddedRefused(
      `${folders.root} belongs to another user. Start Stipend as that user, or give it another STIPEND_DATA_DIR.`,
      { cause },
    );
  }
}

/** Whether there is a cluster of this PostgreSQL already. */
async function hasCluster(folders: Folders, packaged: Binaries): Promise<boolean> {
  const found = await readdir(folders.data).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw cause;
  });
  if (found.length === 0) return false;
  const version = await readFile(join(folders.data, 'PG_VERSION'), 'utf8').catch(() => 'another program');
  const [major = ''] = packaged.version.split('.');
  if (version.trim() === major) return true;
  throw new EmbeddedRefused(
    `${folders.data} was made by PostgreSQL ${version.trim()}, and this Stipend carries ${major}. Start the Stipend that made it, dump the database, and restore it into a new STIPEND_DATA_DIR.`,
  );
}

/** Creates the cluster aside and moves it into place whole: a start that is killed half-way leaves nothing behind it. */
async function createCluster(
  site: { readonly folders: Folders; readonly password: string; readonly log: (line: string) => void },
  packaged: Binaries,
  owner: Owner,
): Promise<Launch> {
  const { folders, password, log } = site;
  const draft = await mkdtemp(join(folders.root, '.postgres-'));
  const passwordFile = `${draft}.password`;
  try {
    await giveTo(owner, draft);
    await writeFile(passwordFile, password, { mode: 0o600 });
    await giveTo(owner, passwordFile);
    const launch = await chooseLaunch(packaged, owner, draft, folders.root);
    log(`creating the database in ${folders.data}`);
    await initialise(launch, folders, draft, passwordFile);
    // Of two first starts at once the second finds the place taken, and uses what the first has made.
    await rename(draft, folders.data).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOTEMPTY' && cause.code !== 'EEXIST') throw cause;
    });
    await syncFolder(folders.root);
    return launch;
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}
