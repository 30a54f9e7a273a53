import { join } from "node:path";
import type { Place } from "./cluster.ts";
import { EmbeddedError } from "./failure.ts";
import { type FileLock, lockFile } from "./file_lock.ts";
import { readPidFile } from "./pid_file.ts";

const patienceMs = 1_000;
/** A server that is told to stop may take this long, and its owner with it. */
const stoppingMs = 30_000;

/**
 * Makes this process the only one that works in the data folder, until it ends or releases the lock. A predecessor that is
 * just ending is waited for.
 * @throws EmbeddedError when another process has the folder
 */
export async function ownFolder(dataDir: string, place: Place): Promise<FileLock> {
  const started = performance.now();
  for (;;) {
    const lock = lockFile(join(dataDir, "lock"));
    if (lock !== undefined) return lock;
    const isStopping = readPidFile(place.cluster)?.status === "stopping";
    if (performance.now() - started > (isStopping ? stoppingMs : patienceMs))
      throw new EmbeddedError(
        `The data folder ${dataDir} is in use by another running Rondo. Stop it or choose another folder with RONDO_DATA_DIR.`,
      );
    await Bun.sleep(25);
  }
}
