import type { AuditEntry } from "@rondo/contract";
import { errorCode, type Fragment, type Sql } from "@rondo/db";
import type { Place } from "@rondo/http";
import type { NewEntry } from "./entry.ts";

/**
 * Appends the entries whose events have none yet; answers how many. Of an event that is there twice the first one counts, so that ids follow the
 * order of the log. In the order of the events' ids, so that two who append the same do not wait for each other in a circle.
 */
export async function insertEntries(sql: Sql, entries: readonly NewEntry[]): Promise<number> {
  const inserted = await sql`
    insert into audit.entry
      (id, workspace_id, event_id, type, time, actor_id, actor_type, task_id, project_id, changes)
    select distinct on (e.event_id)
      e.id, e.workspace_id, e.event_id, e.type, e.time, e.actor_id, e.actor_type, e.task_id, e.project_id, e.changes
    from json_to_recordset(${JSON.stringify(entries)}::text::json) as e (
      id uuid, workspace_id uuid, event_id uuid, type text, time timestamptz, actor_id text, actor_type text,
      task_id uuid, project_id uuid, changes json
    )
    order by e.event_id, e.id
    on conflict do nothing`;
  return inserted.count;
}

/** A month in which nothing can be recorded, and why. */
export interface ClosedMonth {
  readonly moment: string;
  readonly reason: string;
}

/** Makes the parts of the trail for the months of these moments, as far as they are missing and may be; answers the others. */
export async function openMonths(sql: Sql, moments: readonly string[]): Promise<ClosedMonth[]> {
  return await sql<ClosedMonth[]>`
    select moment, reason
    from unnest(${[...moments]}::text[]) as m (moment), audit.open_month(moment::timestamptz) as reason
    where reason is not null`;
}

/** Whether PostgreSQL knows no part of the trail for a row: a violated check (23514) of no constraint. */
export function isMissingPart(error: unknown): boolean {
  return error instanceof Error && errorCode(error) === "23514" && !("constraint_name" in error);
}

/** Makes every session read anew which parts the trail has: a change of the table that changes nothing. */
export async function lookAgainForParts(sql: Sql): Promise<void> {
  await sql`alter table audit.entry alter column time set statistics -1`;
}

export interface EntryList {
  readonly workspace_id: string;
  readonly task_id: string | undefined;
  readonly project_id: string | undefined;
  readonly actor_id: string | undefined;
  readonly type: string | undefined;
  /** Inclusive. */
  readonly from: string | undefined;
  /** Exclusive. */
  readonly to: string | undefined;
  readonly behind: Place | undefined;
  readonly limit: number;
}

/** Entries of one workspace, newest first. Each combination of filters is a statement of its own. */
export async function selectEntries(sql: Sql, list: EntryList): Promise<AuditEntry[]> {
  return await sql<AuditEntry[]>`${entriesOf(sql, list)}`;
}

/** The statement of a list, for `selectEntries` and the tests of its plans. A bound of `time` alone leaves months out; one of `(time, id)` does not. */
export function entriesOf(sql: Sql, { behind, limit, ...filter }: EntryList): Fragment {
  return sql`
    select id, event_id, type, time, actor_id, actor_type, task_id, project_id, changes from audit.entry
    where workspace_id = ${filter.workspace_id}
      ${filter.task_id === undefined ? sql`` : sql`and task_id = ${filter.task_id}`}
      ${filter.project_id === undefined ? sql`` : sql`and project_id = ${filter.project_id}`}
      ${filter.actor_id === undefined ? sql`` : sql`and actor_id = ${filter.actor_id}`}
      ${filter.type === undefined ? sql`` : sql`and type = ${filter.type}`}
      ${filter.from === undefined ? sql`` : sql`and time >= ${filter.from}`}
      ${filter.to === undefined ? sql`` : sql`and time < ${filter.to}`}
      ${behind === undefined ? sql`` : sql`and time <= ${behind.key} and (time, id) < (${behind.key}, ${behind.id})`}
    order by time desc, id desc limit ${limit}`;
}
