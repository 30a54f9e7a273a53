import { readFileSync } from "node:fs";
import { join } from "node:path";
import { errorCode } from "../errors.ts";
import { serverAccount } from "./account.ts";
import { findBinaries } from "./binaries.ts";
import { checkCluster, ensureCluster, type Place, placeIn, prepareFolder } from "./cluster.ts";
import { EmbeddedError, fileFailure } from "./failure.ts";
import { type FolderLock, folderLock } from "./lock.ts";
import { isServer, readPidFile } from "./pid_file.ts";
import { type Launch, launch, type Server, shutDown } from "./postmaster.ts";
import { settingsFor } from "./settings.ts";
import { superviseServer } from "./supervise.ts";

export { EmbeddedError } from "./failure.ts";

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

async function start(options: EmbeddedOptions): Promise<Embedded> {
  const started = performance.now();
  const { dataDir, settings = {} } = options;
  const place = placeIn(dataDir);
  const account = serverAccount(place.folder);
  prepareFolder(dataDir, account);
  const binaries = await findBinaries(dataDir, account);
  await ensureCluster(place, binaries, account, settings.fsync !== "off");
  checkCluster(place, binaries);
  const launching: Launch = { place, binaries, account, settings: settingsFor(binaries.folder, settings) };
  const claimed = await claim(launching);
  await ensureDatabase(claimed.lock, passwordOf(place));
  claimed.lock.keep(true);
  const supervised = superviseServer(launching, claimed.server, options.onRestart);
  const url = (user: string, database: string) =>
    `postgres://${user}:${passwordOf(place)}@127.0.0.1:${claimed.server.port}/${database}`;
  return {
    url: url("rondo", "rondo"),
    adminUrl: url("rondo_admin", "postgres"),
    get pid() {
      return supervised.server.pid;
    },
    port: claimed.server.port,
    ready_ms: Math.round(performance.now() - started),
    adopted: claimed.adopted,
    async stop() {
      await supervised.end();
      claimed.lock.keep(false);
      // Not held just after a restart: then it is free, unless someone else has adopted the server.
      if (claimed.lock.held || (await claimed.lock.claim(1_000)) === "held") await shutDown(place, supervised.server);
      await claimed.lock.release();
    },
  };
}

interface Claimed {
  readonly server: Server;
  readonly lock: FolderLock;
  readonly adopted: boolean;
}

/** A predecessor may be shutting its server down, or another starter may be half way: settle who has it, within a minute. */
async function claim(options: Launch): Promise<Claimed> {
  const { place } = options;
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const running = runningServer(place);
    if (running === "unsettled") {
      await Bun.sleep(10);
      continue;
    }
    const server = running ?? (await launch(options));
    if (server === undefined) continue;
    const lock = folderLock(`postgres://rondo_admin:${passwordOf(place)}@127.0.0.1:${server.port}/postgres`);
    const outcome = await lock.claim(1_000);
    if (outcome === "held" && !(await isOfOurKind(lock, options))) await shutDown(place, server);
    else if (outcome === "held") return { server, lock, adopted: running !== undefined };
    await lock.release();
    if (outcome === "taken")
      throw new EmbeddedError(
        `The data folder ${place.folder} is in use by another running Rondo. Stop it or choose another folder with RONDO_DATA_DIR.`,
      );
  }
  throw new EmbeddedError(`PostgreSQL in ${place.folder} does not settle; see ${place.log}.`);
}

/** A server that another version left running has other settings, and program files that may be gone. */
async function isOfOurKind({ sql }: FolderLock, { settings }: Launch): Promise<boolean> {
  const [row] = await sql<{ name: string }[]>`select current_setting('cluster_name') as name`;
  return row?.name === settings.cluster_name;
}

function runningServer(place: Place): Server | "unsettled" | undefined {
  const file = readPidFile(place.cluster);
  if (file === undefined || !isServer(file.pid)) return undefined;
  if (file.status !== "ready" || file.port === undefined) return "unsettled";
  return { pid: file.pid, port: file.port };
}

const passwordOf = (place: Place): string => readFileSync(place.passwordFile, "utf8");

/** The program's own role is no superuser: what it does not need it cannot do. */
async function ensureDatabase({ sql }: FolderLock, password: string): Promise<void> {
  const [found] = await sql<{ role: boolean; database: boolean }[]>`select
    exists (select from pg_roles where rolname = 'rondo') as role,
    exists (select from pg_database where datname = 'rondo') as database`;
  if (found?.role !== true) await sql.unsafe(`create role rondo login password '${password}'`);
  if (found?.database !== true) await sql.unsafe("create database rondo owner rondo");
}
