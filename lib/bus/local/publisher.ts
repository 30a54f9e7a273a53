import type { Database } from "@rondo/db";
import { type AnyEvent, eventJson, parseEnvelope } from "@rondo/event";
import type { Log } from "@rondo/telemetry";
import { largestEventBytes } from "../largest_event.ts";
import { partitionOf } from "../partition.ts";
import type { PublishOutcome } from "../port.ts";
import { appendToLog, type NewRow } from "./log_queries.ts";
import type { HandedRow } from "./partition_log.ts";

/** Writes events to the log, all of the acceptable ones or none; `published` is told what is new in which partition. */
export async function publish(
  { db, log }: { db: Database; log: Log },
  topic: string,
  events: readonly AnyEvent[],
  published: (partition: number, rows: readonly HandedRow[]) => void,
): Promise<PublishOutcome[]> {
  const rows = events.map(toRow);
  const acceptable = rows.filter((row) => row !== undefined);
  let outcome: PublishOutcome = "acknowledged";
  try {
    const ids = acceptable.length === 0 ? [] : await appendToLog(db.sql, topic, acceptable);
    const handed = acceptable.map(({ text: _, ...row }, index) => ({ ...row, id: ids[index] ?? 0 }));
    for (const [partition, those] of Map.groupBy(handed, (row) => row.partition)) published(partition, those);
  } catch (error) {
    log.warn("publishing failed; it is unknown what arrived", { topic, events: acceptable.length, error });
    outcome = "unknown";
  }
  return rows.map((row) => (row === undefined ? "refused" : outcome));
}

/** The row of an event; undefined for one whose envelope is broken or that is too large. */
function toRow(event: AnyEvent): (NewRow & Omit<HandedRow, "id">) | undefined {
  const text = eventJson(event);
  const bytes = Buffer.byteLength(text);
  if (bytes > largestEventBytes || !parseEnvelope(event).ok) return undefined;
  const key = event.workspaceid;
  return { partition: partitionOf(key), key, text, event, bytes };
}
