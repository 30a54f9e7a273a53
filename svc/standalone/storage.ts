import { accessSync, constants, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { defaultDataDir, startEmbedded } from "@rondo/embedded_postgres";
import { getLog } from "@rondo/telemetry";
import { loadSecrets } from "./secrets.ts";

export interface StorageOptions {
  readonly dataDir: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly authSecret: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Storage {
  readonly databaseUrl: string;
  readonly authSecret: string;
  /** Ends the embedded PostgreSQL; nothing when it is somebody else's. */
  close(): Promise<void>;
}

/**
 * Where everything is kept: the embedded PostgreSQL in the data folder, or the server that the operator names, and the secrets.
 * The folder is not touched when both a server and a secret are given.
 * @throws Error in one line when the folder or the server in it cannot be used
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const dataDir = resolve(options.dataDir ?? defaultDataDir(options.env));
  const log = getLog("storage");
  if (options.databaseUrl !== undefined) {
    const { databaseUrl } = options;
    return { databaseUrl, authSecret: options.authSecret ?? secretIn(dataDir), close: async () => undefined };
  }
  const embedded = await startEmbedded({
    dataDir,
    onRestart: (pid) => log.warn("PostgreSQL had ended and was started again", { pid }),
  });
  log.info("PostgreSQL is ready", { data_dir: dataDir, ready_ms: embedded.ready_ms, adopted: embedded.adopted });
  try {
    const authSecret = options.authSecret ?? secretIn(dataDir);
    return { databaseUrl: embedded.url, authSecret, close: embedded.stop };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}

function secretIn(dataDir: string): string {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.W_OK);
    return loadSecrets(dataDir).auth_secret;
  } catch (error) {
    // Without a code it is no failure of the disk, and says itself what is wrong.
    if (!(error instanceof Error && "code" in error)) throw error;
    throw new Error(
      `The data folder ${dataDir} cannot be written (${String(error.code)}). Choose another one with RONDO_DATA_DIR.`,
    );
  }
}
