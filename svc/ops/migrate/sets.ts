import { busMigrations } from "@rondo/bus";
import type { MigrationSet } from "@rondo/db";
import { schedulerMigrations } from "@rondo/scheduler";
import { services } from "../services.ts";

/** Every schema of a deployment on the engine. */
export async function migrationSets(engine: "dapr" | "local"): Promise<readonly MigrationSet[]> {
  const own = await Promise.all(services.flatMap(({ migrations }) => migrations?.() ?? []));
  // Dapr keeps the jobs, but who runs one and what is done is known to the database under both.
  const both = [...own, schedulerMigrations];
  return engine === "dapr" ? both : [...both, busMigrations];
}
