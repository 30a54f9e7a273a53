import { busMigrations } from "@rondo/bus";
import type { MigrationSet } from "@rondo/db";
import { schedulerMigrations } from "@rondo/scheduler";
import { services } from "../services.ts";

/** Every schema of a deployment. On Dapr, too, the database knows who runs a job and what is done, and holds what consumers parked. */
export async function migrationSets(): Promise<readonly MigrationSet[]> {
  const own = await Promise.all(services.flatMap(({ migrations }) => migrations?.() ?? []));
  return [...own, schedulerMigrations, busMigrations];
}
