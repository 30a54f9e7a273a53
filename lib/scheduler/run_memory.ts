import type { Sql } from "@rondo/db";
import { trimRuns } from "./run_queries.ts";

/** The scheduler's own work that comes back, in every deployment. */
export const trimName = "scheduler-trim";
export const trimEveryMs = 3_600_000;

/** As long as the bus keeps events: whoever schedules for an event that is delivered again finds its job done. */
const keptMs = 7 * 86_400_000;

export function trimOldRuns(sql: Sql): Promise<number> {
  return trimRuns(sql, keptMs);
}
