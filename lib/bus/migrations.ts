import type { MigrationSet } from "@rondo/db";
import log from "./migrations/0001_log.sql" with { type: "text" };
import offsets from "./migrations/0002_offsets.sql" with { type: "text" };
import upkeep from "./migrations/0003_upkeep.sql" with { type: "text" };
import parked from "./migrations/0004_parked.sql" with { type: "text" };

/** The schema `bus`: the log of the local engine, and the parked events of either engine. */
export const busMigrations: MigrationSet = {
  schema: "bus",
  migrations: [
    { id: 1, name: "log", sql: log },
    { id: 2, name: "offsets", sql: offsets },
    { id: 3, name: "upkeep", sql: upkeep },
    { id: 4, name: "parked", sql: parked },
  ],
};
