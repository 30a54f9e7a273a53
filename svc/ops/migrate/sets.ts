import { apiMigrations } from "@rondo/api/migrations";
import { auditMigrations } from "@rondo/audit/migrations";
import { busMigrations } from "@rondo/bus";
import type { MigrationSet } from "@rondo/db";
import { schedulerMigrations } from "@rondo/scheduler";

/** Every schema of a deployment on the engine. */
export function migrationSets(engine: "dapr" | "local"): readonly MigrationSet[] {
  // Dapr keeps the jobs, but who runs one and what is done is known to the database under both.
  const both = [apiMigrations, auditMigrations, schedulerMigrations];
  return engine === "dapr" ? both : [...both, busMigrations];
}
