import { resolve } from "node:path";
import { databaseGroup, dataGroup, optional, text } from "@rondo/config";
import type { Database } from "@rondo/db";
import { fromEnvironment, type ValuesOf } from "../cli/option.ts";

/** How a command reaches PostgreSQL: by the same rules as the standalone. */
export const databaseOptions = {
  databaseUrl: fromEnvironment(
    optional({
      ...databaseGroup.databaseUrl,
      description: "The PostgreSQL to use (17 or newer); without it the one of the Rondo that runs on the data folder.",
    }),
    "--database-url",
  ),
  dataDir: fromEnvironment(dataGroup.dataDir, "--data-dir"),
  dataHome: fromEnvironment(
    optional(
      text({
        name: "XDG_DATA_HOME",
        description: "Without RONDO_DATA_DIR, the folder in which rondo is the data folder.",
        example: "/home/ada/.local/share",
      }),
    ),
  ),
  home: fromEnvironment(
    optional(
      text({
        name: "HOME",
        description: "Without XDG_DATA_HOME, the home in which .local/share/rondo is the data folder.",
        example: "/home/ada",
      }),
    ),
  ),
};

export type DatabaseValues = ValuesOf<typeof databaseOptions>;

/** The data folder that a standalone with this environment uses. */
export async function dataDirOf({ dataDir, dataHome, home }: DatabaseValues): Promise<string> {
  const { defaultDataDir } = await import("@rondo/embedded_postgres");
  return resolve(dataDir ?? defaultDataDir({ XDG_DATA_HOME: dataHome, HOME: home }));
}

/** @throws EmbeddedError in one line when nothing runs there */
export async function databaseUrlOf(values: DatabaseValues): Promise<string> {
  if (values.databaseUrl !== undefined) return values.databaseUrl;
  const { runningUrl } = await import("@rondo/embedded_postgres");
  return runningUrl(await dataDirOf(values));
}

/** Does the work with PostgreSQL open. The driver is loaded only now: most of the time of a start is loading. */
export async function withDatabase<T>(values: DatabaseValues, work: (db: Database) => Promise<T>): Promise<T> {
  const url = await databaseUrlOf(values);
  const { connect } = await import("@rondo/db");
  const db = connect({ url, name: "rondo-ops", max: 2 });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
