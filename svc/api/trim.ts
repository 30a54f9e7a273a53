import { keepDoing } from "@rondo/bus";
import type { Database, Sql } from "@rondo/db";
import { trimIdempotency, trimRateLimits } from "@rondo/http";
import { getLog } from "@rondo/telemetry";
import { trimOperations } from "./operation/queries.ts";

/** As long as a task stays in the bin. */
const operationsKeptMs = 30 * 86_400_000;
const everyMs = 10 * 60_000;

/** Forgets what has had its time: operations that can no longer be undone, idempotent answers, limits. */
export async function trimApi(sql: Sql, now: Date): Promise<void> {
  await trimOperations(sql, firstIdAt(new Date(now.getTime() - operationsKeptMs)));
  await trimIdempotency(sql, "api");
  await trimRateLimits(sql, "api");
}

/** The smallest UUIDv7 of a moment: its first 48 bits are the milliseconds (RFC 9562 section 5.7). */
function firstIdAt(moment: Date): string {
  const hex = moment.getTime().toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** Trims now and every ten minutes. Answers how to stop. */
export function keepApiTrimmed({ sql }: Pick<Database, "sql">): () => Promise<void> {
  const log = getLog("api");
  return keepDoing(
    everyMs,
    () => trimApi(sql, new Date()),
    (error) => log.warn("trimming failed", { error }),
  );
}
