import type { AuditEntry } from "@rondo/contract";
import type { Fragment, Sql } from "@rondo/db";
import type { Place } from "@rondo/http";
import { newEvents } from "@rondo/outbox";
import type { NewEntry } from "./entry.ts";

/** The consumer's name in the inbox. */
export const consumer = "audit";

/**
 * Appends the entries whose events are new, and records those in the inbox, as one statement. Of an event that is there twice the first one counts,
 * so that ids follow the order of the log. Answers how many.
 */
export async function insertEntries(sql: Sql, entries: readonly NewEntry[]): Promise<number> {
  const eventIds = entries.map((entry) => entry.event_id);
  const inserted = await sql`
    with fresh as (${newEvents(sql, "audit", consumer, eventIds)})
    insert into audit.entry
      (id, workspace_id, event_id, type, time, actor_id, actor_type, task_id, project_id, changes)
    select distinct on (e.event_id)
      e.id, e.workspace_id, e.event_id, e.type, e.time, e.actor_id, e.actor_type, e.task_id, e.project_id, e.changes
    from json_to_recordset(${JSON.stringify(entries)}::text::json) as e (
      id uuid, workspace_id uuid, event_id uuid, type text, time timestamptz, actor_id text, actor_type text,
      task_id uuid, project_id uuid, changes json
    )
    join fresh on fresh.event_id = e.event_id
    order by e.event_id, e.id`;
  return inserted.count;
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

/** The statement of a list, for `selectEntries` and the tests of its plans. */
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
      ${behind === undefined ? sql`` : sql`and (time, id) < (${behind.key}, ${behind.id})`}
    order by time desc, id desc limit ${limit}`;
}
