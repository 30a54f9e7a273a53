import type { MigrationSet } from "@rondo/db";
import jobs from "./migrations/0001_jobs.sql" with { type: "text" };

/** The tables of both engines, in the schema `scheduler`. */
export const schedulerMigrations: MigrationSet = {
  schema: "scheduler",
  migrations: [{ id: 1, name: "jobs", sql: jobs }],
};
