import type { Sql } from "@rondo/db";
import { trimIdempotency, trimRateLimits } from "@rondo/http";
import { keptMs } from "./bin/empty.ts";
import { trimKnownNetworks } from "./identity/known_network_queries.ts";
import { trimOperations } from "./operation/queries.ts";

/**
 * Forgets what has had its time: operations that can no longer be undone, idempotent answers, limits. Each by itself: a failure of one
 * does not stop the others.
 * @throws AggregateError of what failed
 */
export async function trimApi(sql: Sql, now: Date): Promise<void> {
  const trims = [
    () => trimOperations(sql, firstIdAt(new Date(now.getTime() - keptMs))),
    () => trimIdempotency(sql, "api"),
    () => trimRateLimits(sql, "api"),
    () => trimKnownNetworks(sql),
  ];
  const errors: unknown[] = [];
  for (const trim of trims) await trim().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw new AggregateError(errors, "some trims of the api failed");
}

/** The smallest UUIDv7 of a moment: its first 48 bits are the milliseconds (RFC 9562 section 5.7). */
function firstIdAt(moment: Date): string {
  const hex = moment.getTime().toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
