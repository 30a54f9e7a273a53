/** SQL of what an operator asks of the groups: where they are, who works for them. */

import { lockNameOf } from "@rondo/coordination";
import type { Sql } from "@rondo/db";
import { holdNameOf } from "./group.ts";

/** Where a group is in one partition. */
export interface GroupPosition {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** The last position that it has passed; null when it never told. */
  readonly committed: number | null;
  /** The last event of the partition. */
  readonly end: number;
  /** Kept events after its position, and those that wait to be tried again. */
  readonly lag: number;
  /** Since when the oldest of them waits: published, or parked. */
  readonly waiting_since: string | null;
}

/** A session of PostgreSQL that works for a group. */
export interface GroupHolder {
  readonly group: string;
  readonly id: string;
  readonly client: string;
  readonly host: string;
}

/** Every group that has told where it is, with its topics. */
export async function readGroupTopics(sql: Sql): Promise<{ group: string; topics: string[] }[]> {
  return await sql<{ group: string; topics: string[] }[]>`
    select consumer_group as "group", array_agg(distinct topic order by topic) as topics
    from bus.cursor group by 1 order by 1`;
}

/** Of these groups in these topics, also of a group that nobody has heard of: it would begin with the oldest kept event. */
export async function readPositions(
  sql: Sql,
  pairs: readonly { readonly group: string; readonly topic: string }[],
): Promise<GroupPosition[]> {
  return await sql<GroupPosition[]>`
    select asked."group", head.topic, head.partition, cursor.position as committed, head.head as "end",
      greatest(0, head.head - greatest(coalesce(cursor.position, 0), coalesce(kept.first, head.head + 1) - 1))
        + parked.count as lag,
      least(ahead.published_at, parked.since) as waiting_since
    from unnest(${pairs.map(({ group }) => group)}::text[], ${pairs.map(({ topic }) => topic)}::text[])
      as asked ("group", topic)
    join bus.head using (topic)
    left join bus.cursor on cursor.topic = head.topic and cursor.partition = head.partition
      and cursor.consumer_group = asked."group"
    left join lateral (
      select id as first from bus.event
      where topic = head.topic and partition = head.partition order by id limit 1
    ) as kept on true
    left join lateral (
      select published_at from bus.event
      where topic = head.topic and partition = head.partition and id > coalesce(cursor.position, 0) order by id limit 1
    ) as ahead on true
    cross join lateral (
      select coalesce(sum(waiting), 0)::bigint as count, min(parked_at) as since from bus.parked_queue
      where topic = head.topic and consumer_group = asked."group" and partition = head.partition
    ) as parked
    order by 1, 2, 3`;
}

/** The sessions that hold the leader lock of these groups. */
export async function readHolders(
  sql: Sql,
  pairs: readonly { readonly group: string; readonly topic: string }[],
): Promise<GroupHolder[]> {
  return await sql<GroupHolder[]>`
    select asked."group", activity.pid::text as id, activity.application_name as client,
      coalesce(host(activity.client_addr), 'this machine') as host
    from unnest(
      ${pairs.map(({ group }) => group)}::text[],
      ${pairs.map(({ topic, group }) => lockNameOf(holdNameOf(topic, group)))}::text[]
    ) as asked ("group", lock)
    join pg_locks on pg_locks.locktype = 'advisory' and pg_locks.granted
      and pg_locks.database = (select oid from pg_database where datname = current_database())
      and (pg_locks.classid::bigint << 32) | pg_locks.objid::bigint = hashtextextended(asked.lock, 0)
    join pg_stat_activity as activity on activity.pid = pg_locks.pid
    order by 1, activity.pid`;
}

/** Forgets where a group is, and what waits for it to be tried again. */
export async function deleteGroup(sql: Sql, group: string): Promise<void> {
  await sql`
    with queues as (delete from bus.parked_queue where consumer_group = ${group}),
      events as (delete from bus.parked_event where consumer_group = ${group}),
      parked_before as (delete from bus.parked where consumer_group = ${group})
    delete from bus.cursor where consumer_group = ${group}`;
}
