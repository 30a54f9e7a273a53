import type { MigrationSet } from "@rondo/db";
import { idempotencyMigration, rateLimitMigration } from "@rondo/http";
import { destinationMigration, outboxMigration, readingMigration, waitingMigration } from "@rondo/outbox";
import identity from "./migrations/0001_identity.sql" with { type: "text" };
import work from "./migrations/0002_work.sql" with { type: "text" };
import bin from "./migrations/0006_bin.sql" with { type: "text" };
import foundingFacts from "./migrations/0008_founding_facts.sql" with { type: "text" };
import knownNetwork from "./migrations/0010_known_network.sql" with { type: "text" };
import disabledUsers from "./migrations/0011_disabled_users.sql" with { type: "text" };

/** Everything in the schema `api`, in order: a static list, because a compiled executable has no folder to read. */
export const apiMigrations: MigrationSet = {
  schema: "api",
  migrations: [
    { id: 1, name: "identity", sql: identity },
    { id: 2, name: "work", sql: work },
    { id: 3, name: "outbox", sql: outboxMigration("api") },
    { id: 4, name: "http", sql: `${idempotencyMigration("api")}\n${rateLimitMigration("api")}` },
    { id: 5, name: "outbox_reading", sql: readingMigration("api") },
    { id: 6, name: "bin", sql: bin },
    { id: 7, name: "outbox_waiting", sql: waitingMigration("api") },
    { id: 8, name: "founding_facts", sql: foundingFacts },
    { id: 9, name: "outbox_destination", sql: destinationMigration("api") },
    { id: 10, name: "known_network", sql: knownNetwork },
    { id: 11, name: "disabled_users", sql: disabledUsers },
  ],
};
