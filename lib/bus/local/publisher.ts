import type { Database } from "@rondo/db";
import { type CloudEvent, parseEvent, type Topic } from "@rondo/event";
import type { Log } from "@rondo/telemetry";
import { partitionOf } from "../partition.ts";
import type { PublishOutcome } from "../port.ts";
import { appendToLog } from "./log_queries.ts";

/** What Kafka takes by default (1 MiB), less some room for its own headers: so that no engine takes what another refuses. */
export const largestEventBytes = 1_000_000;

/** Writes events to the log, all of the acceptable ones or none; `published` is told which partitions have new ones. */
export async function publish(
  { db, log }: { db: Database; log: Log },
  topic: Topic,
  events: readonly CloudEvent[],
  published: (partitions: ReadonlySet<number>) => void,
): Promise<PublishOutcome[]> {
  const texts = events.map((event) => JSON.stringify(event));
  const acceptable = events.map(
    (event, index) => parseEvent(event).ok && Buffer.byteLength(texts[index] ?? "") <= largestEventBytes,
  );
  const rows = events.flatMap(({ workspaceid: key }, index) => {
    const event = texts[index];
    return acceptable[index] && event !== undefined ? [{ partition: partitionOf(key), key, event }] : [];
  });
  let outcome: PublishOutcome = "acknowledged";
  try {
    if (rows.length > 0) await appendToLog(db.sql, topic, rows);
    published(new Set(rows.map((row) => row.partition)));
  } catch (error) {
    log.warn("publishing failed; it is unknown what arrived", { topic, events: rows.length, error });
    outcome = "unknown";
  }
  return acceptable.map((ok) => (ok ? outcome : "refused"));
}
