import type { Sql } from "@rondo/db";
import { topics } from "@rondo/event";
import { getLog } from "@rondo/telemetry";
import { trimPartition } from "./log_queries.ts";
import { partitions } from "./watcher.ts";

const keptMs = 7 * 86_400_000;
const atOnce = 2_000;

/**
 * Deletes from the log of the local engine what was published longer than `keepMs` (7 days) ago, in small pieces; answers how many.
 * For a job that comes back every hour or so: nothing else does it.
 */
export async function trimLog(sql: Sql, keepMs: number = keptMs): Promise<number> {
  const before = new Date(Date.now() - keepMs);
  let trimmed = 0;
  for (const topic of topics) {
    for (const partition of partitions) {
      let count: number;
      do {
        count = await trimPartition(sql, topic, partition, before, atOnce);
        trimmed += count;
      } while (count === atOnce);
    }
  }
  if (trimmed > 0) getLog("bus").info("old events were trimmed", { trimmed });
  return trimmed;
}
