/**
 * The embedded database: the real PostgreSQL as a child of Stipend, reached over a Unix socket only. It comes up with
 * Stipend and goes with it, however Stipend ends; what it acknowledged is on the disk.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { closeSocketFolder, lastWords, openSocketFolder } from './folders.ts';
import { type LockHeld, type LockTaken, tryInstanceLock } from './instance-lock.ts';
import { isGoneWithin, runningOn } from './postmaster.ts';
import { prepare } from './prepare.ts';
import { EmbeddedRefused } from './refused.ts';
import { type Ground, lockWhenUp, type Server, type Site, startServer } from './server.ts';

export interface EmbeddedOptions {
  /** `STIPEND_DATA_DIR`; created when missing. */
  readonly dataDir: string;
  /** One line for the operator. */
  readonly log: (line: string) => void;
  /** Another Stipend has taken the data folder over: this one must end. */
  readonly onTakenOver: (cause: unknown) => void;
}

export interface EmbeddedDatabase {
  /** A libpq URL that stays the same when the server is restarted. */
  readonly connection: string;
  /** Ends the server cleanly; a second call waits for the first. */
  stop(): Promise<void>;
}

/** A start that is younger than this may just not have taken its lock yet. */
const SURVIVOR_GRACE_MS = 500;
const SURVIVOR_ENDS_MOST_MS = 60_000;
const RETRY_MS = 500;
/** What a new server says while backends of one that was killed still hold its memory; they let go within moments. */
const MEMORY_IN_USE = 'pre-existing shared memory block';
const START_ATTEMPTS_MOST = 20;
const RESTART_EVERY_MS = 2_000;

/**
 * Starts the database in `dataDir`, creating it the first time, and keeps it running: a server that ends by itself is
 * started again. Throws EmbeddedRefused when it cannot run here or another Stipend uses the folder.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const ground = await prepare(options.dataDir, options.log);
  await endSurvivor(ground);
  const site = { ...ground, socketFolder: await openSocketFolder(ground.folders, ground.launch.owner) };
  const keeper = new Keeper(site, options.onTakenOver);
  await keeper.start();
  const credentials = `stipend:${encodeURIComponent(site.password)}`;
  return {
    connection: `postgresql://${credentials}@/stipend?host=${encodeURIComponent(site.socketFolder)}&port=5432`,
    stop: () => keeper.stop(),
  };
}

/** Holds the one server of a data folder: up, watched, brought back, ended. */
class Keeper {
  readonly #site: Site;
  readonly #onTakenOver: (cause: unknown) => void;
  #server: Server | undefined;
  #lock: LockHeld | undefined;
  #ending: Promise<void> | undefined;

  constructor(site: Site, onTakenOver: (cause: unknown) => void) {
    this.#site = site;
    this.#onTakenOver = onTakenOver;
  }

  async start(): Promise<void> {
    try {
      const { server, lock } = await this.#bringUp();
      await createDatabase(lock.session, this.#site.password);
      void this.#watch(server, lock);
    } catch (cause) {
      await this.#server?.stop();
      throw cause;
    }
  }

  stop(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    await this.#lock?.release().catch(() => undefined);
    await this.#server?.stop();
    await closeSocketFolder(this.#site.folders);
  }

  async #watch(firstServer: Server, firstLock: LockHeld): Promise<void> {
    let [server, lock] = [firstServer, firstLock];
    for (;;) {
      await Promise.race([server.exited, lock.lost]);
      if (this.#ending) return;
      this.#site.log('the embedded database ended its sessions; bringing it back');
      try {
        ({ server, lock } = await this.#bringBack(server));
      } catch (cause) {
        if (!this.#ending) this.#onTakenOver(cause);
        return;
      }
    }
  }

  /** After the lock's session was lost: from the same server if it lives, else from a new one, however often it takes. */
  async #bringBack(server: Server): Promise<{ server: Server; lock: LockHeld }> {
    const again = await lockWhenUp(this.#site, server);
    if (again) return { server, lock: this.#keep(again) };
    for (;;) {
      try {
        return await this.#bringUp();
      } catch (cause) {
        if (this.#ending || cause instanceof TakenByAnother) throw cause;
        // A full disk, for instance: it comes back when there is room again.
        this.#site.log(`the embedded database does not come back yet: ${String(cause)}`);
        await pause(RESTART_EVERY_MS);
      }
    }
  }

  /** Throws EmbeddedRefused with the server's last words when it ends before it is up and nothing explains it. */
  async #bringUp(): Promise<{ server: Server; lock: LockHeld }> {
    for (let attempt = 1; ; attempt++) {
      await endSurvivor(this.#site);
      const server = await startServer(this.#site);
      this.#server = server;
      const lock = this.#ending ? undefined : await lockWhenUp(this.#site, server);
      if (lock) return { server, lock: this.#keep(lock) };
      if (this.#ending) await server.stop();
      const words = await lastWords(this.#site.folders);
      const isPassing = words.includes(MEMORY_IN_USE) || (await runningOn(this.#site.folders.data)) !== undefined;
      if (!isPassing || this.#ending || attempt === START_ATTEMPTS_MOST) {
        throw new EmbeddedRefused(`The embedded database does not start. ${words}`);
      }
      await pause(RETRY_MS);
    }
  }

  #keep(attempt: LockHeld | LockTaken): LockHeld {
    if (attempt.state === 'taken') throw new TakenByAnother(this.#site.folders.root, attempt.by);
    this.#lock = attempt;
    return attempt;
  }
}

class TakenByAnother extends EmbeddedRefused {
  constructor(folder: string, by: string) {
    super(
      `Another Stipend (process ${by}) is running on ${folder}. Stop it, or give this one another STIPEND_DATA_DIR.`,
    );
  }
}

/** Ends a server that a killed Stipend left behind. Throws when a living Stipend holds it. */
async function endSurvivor(site: Ground): Promise<void> {
  for (let waitedMs = 0; waitedMs < SURVIVOR_ENDS_MOST_MS; waitedMs += SURVIVOR_GRACE_MS) {
    const survivor = await runningOn(site.folders.data);
    if (!survivor) return;
    if (waitedMs > 0) {
      const attempt = await tryInstanceLock(survivor.socketFolder, site.password);
      if (attempt.state === 'taken') throw new TakenByAnother(site.folders.root, attempt.by);
      if (attempt.state === 'held') {
        site.log('ending the database that an earlier Stipend left behind');
        process.kill(survivor.pid, 'SIGINT');
        await isGoneWithin(survivor.pid, SURVIVOR_ENDS_MOST_MS);
        await attempt.release().catch(() => undefined);
        return;
      }
    }
    await pause(SURVIVOR_GRACE_MS);
  }
  const survivor = await runningOn(site.folders.data);
  throw new EmbeddedRefused(
    `Process ${survivor?.pid} is a PostgreSQL on ${site.folders.data} that does not answer. End it and start Stipend again.`,
  );
}

/** The role and database of the product: the role is not a superuser, so that no query of ours can reach files. */
async function createDatabase(session: pg.Client, password: string): Promise<void> {
  const roles = await session.query("SELECT 1 FROM pg_roles WHERE rolname = 'stipend'");
  if (roles.rowCount === 0)
    await session.query(`CREATE ROLE stipend LOGIN PASSWORD ${session.escapeLiteral(password)}`);
  const databases = await session.query("SELECT 1 FROM pg_database WHERE datname = 'stipend'");
  if (databases.rowCount === 0) await session.query('CREATE DATABASE stipend OWNER stipend');
}
