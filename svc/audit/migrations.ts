import type { MigrationSet } from "@rondo/db";
import { rateLimitMigration } from "@rondo/http";
import { inboxMigration } from "@rondo/outbox";
import trail from "./migrations/0001_trail.sql" with { type: "text" };

/** Everything in the schema `audit`, in order. */
export const auditMigrations: MigrationSet = {
  schema: "audit",
  migrations: [
    { id: 1, name: "trail", sql: trail },
    { id: 2, name: "inbox", sql: inboxMigration("audit") },
    { id: 3, name: "http", sql: rateLimitMigration("audit") },
  ],
};
