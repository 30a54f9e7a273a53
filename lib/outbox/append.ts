import type { Fragment, Sql } from "@rondo/db";
import { type CloudEvent, eventJson, signalOf, topicsOf } from "@rondo/event";

/**
 * The statement that appends one event to the outbox, for use inside a data-modifying CTE or on its own:
 *
 * ```ts
 * sql`with changed as (update … returning *), noted as (${appendEvent(sql, "api", event, sql`changed`)}) select * from changed`
 * ```
 * With `onlyIf` (a table or CTE) the event is appended only when that has a row: a lost race writes nothing at all.
 * The ordering key is the event's workspace. The row says where the event goes and how its live signal reads, so that a relay
 * which does not know the type, one of an older version, passes it on.
 */
export function appendEvent(sql: Sql, schema: string, event: CloudEvent, onlyIf?: Fragment): Fragment {
  return sql`
    insert into ${sql(schema)}.outbox (event_id, key, type, topics, signal, payload)
    select ${event.id}::uuid, ${event.workspaceid}::text, ${event.type}::text, ${[...topicsOf(event.type)]}::text[],
      ${signalJson(event)}::text::json, ${eventJson(event)}::text::json
    ${onlyIf === undefined ? sql`` : sql`where exists (select from ${onlyIf})`}`;
}

/** Appends several events, in their order, as one statement: all of them, or none when `onlyIf` has no row. */
export function appendEvents(sql: Sql, schema: string, events: readonly CloudEvent[], onlyIf?: Fragment): Fragment {
  const rows = events.map((event) => ({ topics: topicsOf(event.type), signal: signalOf(event), event }));
  return sql`
    insert into ${sql(schema)}.outbox (event_id, key, type, topics, signal, payload)
    select (r.event ->> 'id')::uuid, r.event ->> 'workspaceid', r.event ->> 'type', r.topics, r.signal, r.event
    from rows from (
      json_to_recordset(${JSON.stringify(rows)}::text::json) as (topics text[], signal json, event json)
    ) with ordinality as r (topics, signal, event, place)
    ${onlyIf === undefined ? sql`` : sql`where exists (select from ${onlyIf})`}
    order by r.place`;
}

function signalJson(event: CloudEvent): string | null {
  const signal = signalOf(event);
  return signal === undefined ? null : JSON.stringify(signal);
}
