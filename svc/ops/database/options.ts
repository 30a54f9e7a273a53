import { choice, databaseGroup } from "@rondo/config";
import type { Database } from "@rondo/db";
import { fromEnvironment } from "../cli/option.ts";

/** How a command reaches PostgreSQL. */
export const databaseOptions = { databaseUrl: fromEnvironment(databaseGroup.databaseUrl, "--database-url") };

/** Which engine a deployment runs on decides which schemas it has. */
export const engineOption = fromEnvironment(
  choice(["dapr", "local"], {
    name: "RONDO_ENGINE",
    description: "What carries events and jobs: dapr, or local, whose schemas in PostgreSQL are looked after, too.",
    example: "local",
    default: "dapr",
  }),
  "--engine",
);

/** Does the work with PostgreSQL open. The driver is loaded only now: most of the time of a start is loading. */
export async function withDatabase<T>(
  { databaseUrl: url }: { readonly databaseUrl: string },
  work: (db: Database) => Promise<T>,
): Promise<T> {
  const { connect } = await import("@rondo/db");
  const db = connect({ url, name: "rondo-ops", max: 2 });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
