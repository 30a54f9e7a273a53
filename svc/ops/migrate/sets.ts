import { apiMigrations } from "@rondo/api/migrations";
import { auditMigrations } from "@rondo/audit/migrations";
import { busMigrations } from "@rondo/bus";
import type { MigrationSet } from "@rondo/db";
import { schedulerMigrations } from "@rondo/scheduler";

/** Every schema of a deployment on the engine. */
export function migrationSets(engine: "dapr" | "local"): readonly MigrationSet[] {
  const services = [apiMigrations, auditMigrations];
  return engine === "dapr" ? services : [...services, busMigrations, schedulerMigrations];
}
