import { join } from "node:path";
import { errorCode } from "@rondo/db";
import { type Account, serverAccount } from "./account.ts";
import { findBinaries } from "./binaries.ts";
import { checkOwner, checkVersion, ensureCluster, type Place, placeIn, prepareFolder } from "./cluster.ts";
import { fileFailure } from "./failure.ts";
import type { FileLock } from "./file_lock.ts";
import { findServer, urlOf } from "./find_server.ts";
import { ownFolder } from "./owner.ts";
import { type Launch, shutDown } from "./postmaster.ts";
import { settingsFor } from "./settings.ts";
import { superviseServer } from "./supervise.ts";

export { EmbeddedError } from "./failure.ts";

export { runningUrl } from "./running.ts";
export { ownTemporary } from "./temporary.ts";

export interface EmbeddedOptions {
  /** Everything lives here; made when missing. See `defaultDataDir`. */
  readonly dataDir: string;
  /** Server settings over ours; tests turn `fsync` off. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Told when the server ended by itself and was started again. */
  readonly onRestart?: (pid: number) => void;
}

export interface Embedded {
  /** For the program: owns its database, no superuser. */
  readonly url: string;
  /** For administration: a superuser in the database `postgres`. */
  readonly adminUrl: string;
  /** Of the postmaster; another one after it had to be started again. */
  readonly pid: number;
  readonly port: number;
  /** From the call to a server that answers, in milliseconds. */
  readonly ready_ms: number;
  /** The server was running without an owner and was taken over. */
  readonly adopted: boolean;
  /** Ends that server, and no other. */
  stop(): Promise<void>;
}

/** `$XDG_DATA_HOME/rondo`, else `~/.local/share/rondo` (XDG Base Directory Specification), for root else `/var/lib/rondo`. */
export function defaultDataDir(env: Readonly<Record<string, string | undefined>>, uid = process.getuid?.()): string {
  const { XDG_DATA_HOME: data, HOME: home } = env;
  if (data?.startsWith("/")) return join(data, "rondo");
  if (uid === 0 || !home?.startsWith("/")) return "/var/lib/rondo";
  return join(home, ".local", "share", "rondo");
}

/**
 * Starts PostgreSQL with its data in `dataDir`, or adopts the one that a killed predecessor left running there. While it
 * is ours it is started again should it end. Throws `EmbeddedError`, one clear line, when the folder cannot be used or is
 * in use by another process.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  try {
    return await start(options);
  } catch (error) {
    throw errorCode(error) === undefined ? error : fileFailure(options.dataDir, error);
  }
}

/**
 * Makes the data folder and locks it, so that no Rondo starts in it until the lock is released.
 * @throws EmbeddedError when it cannot be used or is in use
 */
export async function lockDataDir(dataDir: string): Promise<FileLock> {
  const place = placeIn(dataDir);
  prepareFolder(dataDir, serverAccount(place.folder));
  checkOwner(place);
  return await ownFolder(dataDir, place);
}

async function start(options: EmbeddedOptions): Promise<Embedded> {
  const started = performance.now();
  const { dataDir } = options;
  const place = placeIn(dataDir);
  const account = serverAccount(place.folder);
  const lock = await lockDataDir(dataDir);
  try {
    return await startOwned(options, place, account, lock, started);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startOwned(
  { dataDir, settings = {}, onRestart }: EmbeddedOptions,
  place: Place,
  account: Account | undefined,
  lock: FileLock,
  started: number,
): Promise<Embedded> {
  const binaries = await findBinaries(dataDir, account);
  await ensureCluster(place, binaries, account, settings.fsync !== "off");
  checkVersion(place, binaries);
  const launching: Launch = { place, binaries, account, settings: settingsFor(binaries.folder, settings) };
  const { server, adopted } = await findServer(launching);
  const supervised = superviseServer(launching, server, onRestart);
  const url = (user: string, database: string) => urlOf(place, server, user, database);
  return {
    url: url("rondo", "rondo"),
    adminUrl: url("rondo_admin", "postgres"),
    get pid() {
      return supervised.server.pid;
    },
    port: server.port,
    ready_ms: Math.round(performance.now() - started),
    adopted,
    async stop() {
      await supervised.end();
      await shutDown(place, supervised.server);
      lock.release();
    },
  };
}
