import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { type Account, blockedAt, isRoot } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { EmbeddedError, fileFailure, outputFailure } from "./failure.ts";
import { ownTemporary, removeAbandoned } from "./temporary.ts";

/** `<data dir>/postgresql/`: the cluster, its password (0600), its log and its lock, made together or not at all. */
export interface Place {
  readonly folder: string;
  readonly cluster: string;
  readonly log: string;
  readonly passwordFile: string;
  /** Locked by the server and all its processes for as long as one of them lives. */
  readonly serverLock: string;
}

export function placeIn(dataDir: string): Place {
  const folder = join(dataDir, "postgresql");
  return {
    folder,
    cluster: join(folder, "cluster"),
    log: join(folder, "log"),
    passwordFile: join(folder, "password"),
    serverLock: join(folder, "lock"),
  };
}

/** Makes the data folder, and lets the server's user through it. */
export function prepareFolder(dataDir: string, account: Account | undefined): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: account === undefined ? 0o700 : 0o711 });
    if (account !== undefined) chmodSync(dataDir, statSync(dataDir).mode | 0o011);
  } catch (error) {
    throw fileFailure(dataDir, error);
  }
  const blocked = account && blockedAt(dataDir, account);
  if (blocked === undefined) return;
  throw new EmbeddedError(
    `PostgreSQL does not run as root, and its user (${account?.uid}) may not enter ${blocked}. Choose another folder with RONDO_DATA_DIR.`,
  );
}

/** Refuses another user's data, before PostgreSQL says it in more words. */
export function checkOwner({ folder }: Place): void {
  const owner = statSync(folder, { throwIfNoEntry: false })?.uid;
  const us = process.getuid?.();
  if (owner !== undefined && us !== undefined && !isRoot() && owner !== us) {
    throw new EmbeddedError(
      `The data in ${folder} belongs to user ${owner}; this is user ${us}. Start as that user or choose another folder with RONDO_DATA_DIR.`,
    );
  }
}

/** Refuses what this program's PostgreSQL cannot open. */
export function checkVersion({ cluster, folder }: Place, { major }: Binaries): void {
  let found: string;
  try {
    found = readFileSync(join(cluster, "PG_VERSION"), "utf8").trim();
  } catch (error) {
    throw new EmbeddedError(
      `The data in ${folder} is not that of a PostgreSQL server: PG_VERSION cannot be read.`,
      error,
    );
  }
  if (found === String(major)) return;
  throw new EmbeddedError(
    `The data in ${folder} is of PostgreSQL ${found}; this program has PostgreSQL ${major}. Start the version of Rondo that made it.`,
  );
}

/** Makes the cluster when there is none. initdb works in a folder of its own, which gets its name when all is well. */
export async function ensureCluster(
  place: Place,
  binaries: Binaries,
  account: Account | undefined,
  durable: boolean,
): Promise<void> {
  const parent = dirname(place.folder);
  try {
    removeAbandoned(parent);
  } catch (error) {
    throw fileFailure(parent, error);
  }
  if (existsSync(place.folder)) return;
  const temporary = ownTemporary(place.folder);
  const own = (path: string): void => {
    if (account !== undefined) chownSync(path, account.uid, account.gid);
  };
  try {
    mkdirSync(temporary, { mode: 0o700 });
    own(temporary);
    const passwordFile = join(temporary, "password");
    writeFileSync(passwordFile, randomPassword(), { mode: 0o600 });
    own(passwordFile);
    await initdb(temporary, binaries, account, durable);
    if (!existsSync(place.folder)) renameSync(temporary, place.folder);
  } catch (error) {
    // Lost the race against another starter: its cluster is there now.
    if (!existsSync(place.folder)) throw fileFailure(parent, error);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

const randomPassword = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString("base64url");

async function initdb(
  folder: string,
  binaries: Binaries,
  account: Account | undefined,
  durable: boolean,
): Promise<void> {
  const options = [
    `--pgdata=${join(folder, "cluster")}`,
    `--pwfile=${join(folder, "password")}`,
    "--username=rondo_admin",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--no-locale",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
    durable ? "--sync-method=fsync" : "--no-sync",
  ];
  const child = Bun.spawn([join(binaries.folder, "bin", "initdb"), ...options], {
    cwd: folder,
    env: childEnvironment,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
    ...account,
  });
  const output = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw outputFailure("Making the database", dirname(folder), output);
}

/** Nothing of ours reaches the server: `PGDATA`, `PGOPTIONS` and the like would change it. */
export const childEnvironment = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
