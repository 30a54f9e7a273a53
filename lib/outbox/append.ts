import type { Fragment, Sql } from "@rondo/db";
import { type CloudEvent, eventJson } from "@rondo/event";

/**
 * The statement that appends one event to the outbox, for use inside a data-modifying CTE or on its own:
 *
 * ```ts
 * sql`with changed as (update … returning *), noted as (${appendEvent(sql, "api", event, sql`changed`)}) select * from changed`
 * ```
 * With `onlyIf` (a table or CTE) the event is appended only when that has a row: a lost race writes nothing at all.
 * The ordering key is the event's workspace.
 */
export function appendEvent(sql: Sql, schema: string, event: CloudEvent, onlyIf?: Fragment): Fragment {
  return sql`
    insert into ${sql(schema)}.outbox (event_id, key, type, payload)
    select ${event.id}::uuid, ${event.workspaceid}::text, ${event.type}::text, ${eventJson(event)}::text::json
    ${onlyIf === undefined ? sql`` : sql`where exists (select from ${onlyIf})`}`;
}

/** Appends several events, in their order, as one statement: all of them, or none when `onlyIf` has no row. */
export function appendEvents(sql: Sql, schema: string, events: readonly CloudEvent[], onlyIf?: Fragment): Fragment {
  return sql`
    insert into ${sql(schema)}.outbox (event_id, key, type, payload)
    select (e.payload ->> 'id')::uuid, e.payload ->> 'workspaceid', e.payload ->> 'type', e.payload
    from json_array_elements(${JSON.stringify(events)}::text::json) with ordinality as e (payload, place)
    ${onlyIf === undefined ? sql`` : sql`where exists (select from ${onlyIf})`}
    order by e.place`;
}
