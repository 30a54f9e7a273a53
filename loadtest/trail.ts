import { type Person, waitFor } from "@rondo/testing";
import type { Sql } from "postgres";

/**
 * How long after its change an event came to be written into the audit trail, over the entries since then; milliseconds. Both moments are in the
 * entry: `time` is just before the change's commit, the one in the UUIDv7 just before the entry's own.
 * @throws Error when there is no entry since then
 */
export async function trailDelays(
  sql: Sql,
  since: Date,
): Promise<{ readonly p50: number; readonly p95: number; readonly count: number }> {
  const [row] = await sql<{ p50: number | null; p95: number | null; count: number }[]>`
    select
      percentile_cont(0.5) within group (order by delay)::float8 as p50,
      percentile_cont(0.95) within group (order by delay)::float8 as p95,
      count(*)::int as count
    from (select extract(epoch from uuid_extract_timestamp(id) - time) * 1000 as delay from audit.entry where time >= ${since}) as delays`;
  if (row === undefined || row.p50 === null || row.p95 === null)
    throw new Error(`no entry since ${since.toISOString()}`);
  return { p50: row.p50, p95: row.p95, count: row.count };
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

/**
 * Resolves when the events of everything that this person did have reached the trail: events of one workspace keep their order, so
 * the entry of one more change tells.
 */
export async function trailCaughtUp(origin: string, { token, inbox_id }: Person, sql: Sql): Promise<void> {
  const answer = await fetch(`${origin}/api/v1/tasks`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ title: "The last one", project_id: inbox_id }),
  });
  const operation = answer.headers.get("rondo-operation");
  if (operation === null) throw new Error(`a task was answered ${answer.status}`);
  const isThere = async () => (await sql`select from audit.entry where event_id = ${operation}`).length === 1;
  await waitFor(isThere, { what: "the entry of the last change", deadlineMs: 300_000, everyMs: 20 });
}
