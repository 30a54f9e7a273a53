import type { MigrationSet } from "@rondo/db";
import { rateLimitMigration } from "@rondo/http";
import { inboxMigration } from "@rondo/outbox";
import trail from "./migrations/0001_trail.sql" with { type: "text" };
import bound from "./migrations/0004_bound.sql" with { type: "text" };
import boundChecked from "./migrations/0005_bound_checked.sql" with { type: "text" };
import months from "./migrations/0006_months.sql" with { type: "text" };
import archive from "./migrations/0007_archive.sql" with { type: "text" };

/** Everything in the schema `audit`, in order. */
export const auditMigrations: MigrationSet = {
  schema: "audit",
  migrations: [
    { id: 1, name: "trail", sql: trail },
    { id: 2, name: "inbox", sql: inboxMigration("audit") },
    { id: 3, name: "http", sql: rateLimitMigration("audit") },
    { id: 4, name: "bound", sql: bound },
    { id: 5, name: "bound_checked", sql: boundChecked },
    { id: 6, name: "months", sql: months },
    { id: 7, name: "archive", sql: archive },
  ],
};
