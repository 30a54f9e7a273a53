import type { MigrationSet } from "@rondo/db";
import log from "./migrations/0001_log.sql" with { type: "text" };
import offsets from "./migrations/0002_offsets.sql" with { type: "text" };
import upkeep from "./migrations/0003_upkeep.sql" with { type: "text" };

/** The tables of the local engine, in the schema `bus`. */
export const busMigrations: MigrationSet = {
  schema: "bus",
  migrations: [
    { id: 1, name: "log", sql: log },
    { id: 2, name: "offsets", sql: offsets },
    { id: 3, name: "upkeep", sql: upkeep },
  ],
};
