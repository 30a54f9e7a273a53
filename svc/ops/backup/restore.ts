import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorCode, type MigrationSet } from "@rondo/db";
import { lockDataDir, ownTemporary, startEmbedded } from "@rondo/embedded_postgres";
import type { Header } from "./format.ts";
import { load, readHeader, setsOf } from "./load.ts";
import type { TableShape } from "./queries.ts";
import { BackupReader, checkBackup } from "./read.ts";
import { secretsFile } from "./secrets.ts";

export interface Restored {
  readonly header: Header;
  readonly tables: readonly TableShape[];
}

/**
 * Makes the data folder from a backup. Everything is made in a folder inside it and gets its place at the end, the database last; until
 * then the folder is locked, so that no Rondo starts in it.
 * @throws Error in one line when the file is no whole backup or too new, or the folder is not empty; nothing is left behind
 */
export async function restoreInto(dataDir: string, file: string, known: readonly MigrationSet[]): Promise<Restored> {
  await checkBackup(file);
  const reader = new BackupReader(file);
  const existed = existsSync(dataDir);
  try {
    const header = await readHeader(reader);
    const sets = setsOf(header, known);
    // A folder that never was Rondo's is refused as it is; in one that was, a running Rondo is told first.
    if (existed && !existsSync(join(dataDir, "lock"))) refuseUsed(dataDir);
    const lock = await lockDataDir(dataDir);
    try {
      refuseUsed(dataDir);
      const tables = await restoreLocked(dataDir, reader, header, sets);
      return { header, tables };
    } finally {
      lock.release();
    }
  } catch (error) {
    if (!existed) removeEmpty(dataDir);
    throw error;
  } finally {
    await reader.close();
  }
}

/** The lock is ours, so whatever else is there is somebody's data. */
function refuseUsed(dataDir: string): void {
  const found = readdirSync(dataDir).filter((name) => name !== "lock" && name !== "lost+found");
  if (found.length > 0)
    throw new Error(`${dataDir} is not empty (${found[0]}): restore into a new folder, named with RONDO_DATA_DIR.`);
}

async function restoreLocked(
  dataDir: string,
  reader: BackupReader,
  header: Header,
  sets: readonly MigrationSet[],
): Promise<readonly TableShape[]> {
  const made = ownTemporary(join(dataDir, "restore"));
  try {
    mkdirSync(made, { mode: 0o711 });
    const server = await startEmbedded({ dataDir: made });
    let tables: readonly TableShape[];
    try {
      const adminUrl = server.adminUrl.replace(/\/postgres$/, "/rondo");
      tables = await load(reader, header, sets, { url: server.url, adminUrl });
    } finally {
      await server.stop();
    }
    if (header.secrets !== null) writeFileSync(secretsFile(made), header.secrets, { mode: 0o600, flush: true });
    const names = readdirSync(made).filter((name) => name !== "lock" && name !== "postgresql");
    for (const name of [...names, "postgresql"]) renameSync(join(made, name), join(dataDir, name));
    return tables;
  } catch (error) {
    // PostgreSQL itself ends without a word of it when there is no room for its log.
    throw isFull(dataDir, error)
      ? new Error(`The disk of ${dataDir} is full: nothing was restored.`, { cause: error })
      : error;
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

function removeEmpty(dataDir: string): void {
  rmSync(join(dataDir, "lock"), { force: true });
  try {
    rmdirSync(dataDir);
  } catch {
    // Somebody else has put something there meanwhile.
  }
}

/** PostgreSQL wants a whole segment of its log at a time. */
const segmentBytes = 16 * 1024 * 1024;

function isFull(dataDir: string, error: unknown): boolean {
  const { bavail, bsize } = statfsSync(dataDir);
  return errorCode(error) === "53100" || bavail * bsize < segmentBytes;
}
