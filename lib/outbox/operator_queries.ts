/** SQL of what metrics and operators ask: what waits, what was set aside. */
import type { Sql } from "@rondo/db";

/** Beyond so many they are no longer counted one by one. */
const mostCounted = 10_000;

export interface OutboxState {
  /** Events that wait to be published; beyond 10,000 by their ids, as if none between the first and the last were gone. */
  readonly depth: number;
  /** Age of the oldest of them. */
  readonly oldest_seconds: number;
  /** Events that were set aside, 10,000 at most. */
  readonly refused: number;
}

export async function outboxState(sql: Sql, schema: string): Promise<OutboxState> {
  const [row] = await sql<OutboxState[]>`
    select case when counted.rows < ${mostCounted} then counted.rows else ends.last - ends.first + 1 end as depth,
      coalesce(extract(epoch from clock_timestamp() - oldest.created_at), 0)::float8 as oldest_seconds,
      (select count(*) from (select 1 from ${sql(schema)}.outbox_refused limit ${mostCounted}) as r) as refused
    from (select count(*) as rows from (select 1 from ${sql(schema)}.outbox limit ${mostCounted}) as o) as counted
    cross join (select min(id) as first, max(id) as last from ${sql(schema)}.outbox) as ends
    left join ${sql(schema)}.outbox oldest on oldest.id = ends.first`;
  return row ?? { depth: 0, oldest_seconds: 0, refused: 0 };
}

/** An event that waits to be published. */
export interface WaitingEvent {
  readonly id: number;
  readonly event_id: string;
  readonly key: string;
  readonly type: string;
  readonly age_seconds: number;
}

/** Those that have waited for so long, oldest first. */
export async function waitingEvents(sql: Sql, schema: string, leastSeconds: number, limit = 100) {
  return await sql<WaitingEvent[]>`
    select id, event_id, key, type, extract(epoch from clock_timestamp() - created_at)::float8 as age_seconds
    from ${sql(schema)}.outbox
    where created_at <= clock_timestamp() - make_interval(secs => ${leastSeconds})
    order by id limit ${limit}`;
}

/** An event that was set aside. */
export interface RefusedEvent {
  readonly id: number;
  readonly event_id: string;
  readonly key: string;
  readonly type: string;
  readonly reason: string;
  readonly refused_at: string;
}

/** Oldest first. */
export async function refusedEvents(sql: Sql, schema: string, limit = 100): Promise<RefusedEvent[]> {
  return await sql<RefusedEvent[]>`
    select id, event_id, key, type, reason, refused_at from ${sql(schema)}.outbox_refused
    order by id limit ${limit}`;
}

/** Publishes them again, behind everything that waits now; answers how many. */
export async function releaseRefused(sql: Sql, schema: string, ids: readonly number[]): Promise<number> {
  const released = await sql`
    with gone as (
      delete from ${sql(schema)}.outbox_refused where id = any(${[...ids]}::bigint[])
      returning id, event_id, key, type, topics, signal, payload
    )
    insert into ${sql(schema)}.outbox (event_id, key, type, topics, signal, payload)
    select event_id, key, type, topics, signal, payload from gone order by id`;
  return released.count;
}
