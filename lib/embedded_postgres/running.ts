import { readFileSync } from "node:fs";
import { errorCode } from "@rondo/db";
import { placeIn } from "./cluster.ts";
import { EmbeddedError } from "./failure.ts";
import { readPidFile } from "./pid_file.ts";

/**
 * How to reach, as the program's own user, the server that runs on a data folder: for another program beside the one that owns it.
 * @throws EmbeddedError when none runs there, or its password cannot be read
 */
export function runningUrl(dataDir: string): string {
  const place = placeIn(dataDir);
  const file = readPidFile(place.cluster);
  if (file?.status !== "ready" || file.port === undefined)
    throw new EmbeddedError(
      `No Rondo runs on the data folder ${dataDir}. Start it, name another folder with RONDO_DATA_DIR, or set DATABASE_URL.`,
    );
  return `postgres://rondo:${readPassword(place.passwordFile)}@127.0.0.1:${file.port}/rondo`;
}

function readPassword(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new EmbeddedError(
      `${path} cannot be read (${errorCode(error)}). Run this as the user of the data folder.`,
      error,
    );
  }
}
