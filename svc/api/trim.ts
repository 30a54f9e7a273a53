import type { Sql } from "@rondo/db";
import { trimIdempotency, trimRateLimits } from "@rondo/http";
import { keptMs } from "./bin/empty.ts";
import { trimOperations } from "./operation/queries.ts";

/** Forgets what has had its time: operations that can no longer be undone, idempotent answers, limits. */
export async function trimApi(sql: Sql, now: Date): Promise<void> {
  await trimOperations(sql, firstIdAt(new Date(now.getTime() - keptMs)));
  await trimIdempotency(sql, "api");
  await trimRateLimits(sql, "api");
}

/** The smallest UUIDv7 of a moment: its first 48 bits are the milliseconds (RFC 9562 section 5.7). */
function firstIdAt(moment: Date): string {
  const hex = moment.getTime().toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
