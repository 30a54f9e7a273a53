import type { Sql } from "@rondo/db";
import { topics } from "@rondo/event";
import type { Log } from "@rondo/telemetry";
import { pause } from "../wait.ts";
import { trimPartition } from "./log_queries.ts";
import { partitions } from "./watcher.ts";

const everyMs = 3_600_000;
const atOnce = 2_000;

/** Deletes what was published longer than `keepMs` ago, in small pieces; any number of processes may do so. */
export async function trimLog(sql: Sql, keepMs: number, now: Date = new Date()): Promise<number> {
  const before = new Date(now.getTime() - keepMs);
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
  return trimmed;
}

export async function keepTrimming(sql: Sql, keepMs: number, over: AbortSignal, log: Log): Promise<void> {
  while (!over.aborted) {
    try {
      const trimmed = await trimLog(sql, keepMs);
      if (trimmed > 0) log.info("old events were trimmed", { trimmed });
    } catch (error) {
      log.warn("trimming old events failed", { error });
    }
    await pause(everyMs, over);
  }
}
