import { waitFor } from "@rondo/testing";
import type { Sql } from "postgres";

/**
 * How long after its change an event came to be written into the audit trail, over the entries since then; milliseconds. Both moments are in the
 * entry: `time` is just before the change's commit, the one in the UUIDv7 just before the entry's own.
 */
export async function trailDelays(
  sql: Sql,
  since: Date,
): Promise<{ readonly p50: number; readonly p95: number; readonly count: number }> {
  const [row] = await sql<{ p50: number; p95: number; count: number }[]>`
    select
      coalesce(percentile_cont(0.5) within group (order by delay), 0)::float8 as p50,
      coalesce(percentile_cont(0.95) within group (order by delay), 0)::float8 as p95,
      count(*)::int as count
    from (select extract(epoch from uuid_extract_timestamp(id) - time) * 1000 as delay from audit.entry where time >= ${since}) as delays`;
  if (row === undefined) throw new Error("no delays");
  return row;
}

/** Resolves when every event of the outbox has reached the trail. */
export async function trailComplete(sql: Sql, expected: number, deadlineMs: number): Promise<void> {
  await waitFor(async () => (await entryCount(sql)) >= expected, {
    what: `${expected} entries in the audit trail`,
    deadlineMs,
    everyMs: 50,
  });
}

export async function entryCount(sql: Sql): Promise<number> {
  const [row] = await sql<{ entries: number }[]>`select count(*)::int as entries from audit.entry`;
  return row?.entries ?? 0;
}
