import type { Sql } from "@rondo/db";
import { topics } from "@rondo/event";
import { getLog, type Log } from "@rondo/telemetry";
import { retentionMs } from "../consumer.ts";
import { behindMs } from "./behind.ts";
import { trimPartition } from "./log_queries.ts";
import { readGroupTopics, readPositions } from "./operator_queries.ts";
import { partitions } from "./watcher.ts";

const atOnce = 2_000;

/** A group this far behind is told of: nothing is trimmed that it has not read, so the log grows. */
const worthAWarningMs = 86_400_000;

/**
 * Deletes from the log of the local engine what was published longer than `keepMs` (7 days) ago and every group has read, in small
 * pieces; answers how many. For a job that comes back every hour or so: nothing else does it.
 */
export async function trimLog(sql: Sql, keepMs: number = retentionMs): Promise<number> {
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
  const log = getLog("bus");
  await warnOfGroupsBehind(sql, log);
  if (trimmed > 0) log.info("old events were trimmed", { trimmed });
  return trimmed;
}

async function warnOfGroupsBehind(sql: Sql, log: Log): Promise<void> {
  const groups = await readGroupTopics(sql);
  const pairs = groups.flatMap(({ group, topics: those }) => those.map((topic) => ({ group, topic })));
  for (const pair of pairs) {
    const behind_ms = behindMs(await readPositions(sql, [pair]), Date.now());
    if (behind_ms > worthAWarningMs) log.warn("a group is more than a day behind", { ...pair, behind_ms });
  }
}
