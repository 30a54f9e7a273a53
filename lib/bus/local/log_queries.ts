/** SQL of the log and of the groups' cursors. What waits, and what was given up: `failure_queries.ts`. */
import type { Sql } from "@rondo/db";
import type { Topic } from "@rondo/event";

/** One partition of a topic, as one group reads it. */
export interface Share {
  readonly topic: Topic;
  readonly group: string;
  readonly partition: number;
}

export interface LogRow {
  readonly id: number;
  readonly key: string;
  readonly event: unknown;
}

/**
 * Appends to the log, in the order given; each event as its JSON text. The lock comes before the first id and goes after the commit, so a reader
 * that has seen an id never meets a lower one of the topic later. The commit does not wait for the disk: whatever is
 * committed after it (the outbox forgetting the event, a cursor, an effect) is behind it in the same write-ahead log, so
 * a crash of PostgreSQL takes none of it without all of it, and the relay publishes again.
 */
export async function appendToLog(
  sql: Sql,
  topic: Topic,
  rows: readonly { partition: number; key: string; event: string }[],
): Promise<void> {
  await sql`
    with locked as materialized (
      select pg_advisory_xact_lock(hashtextextended(${`rondo bus ${topic}`}, 0)),
        set_config('synchronous_commit', 'off', true)
    )
    insert into bus.event (topic, partition, key, event)
    select ${topic}, p.partition, p.key, e.event
    from locked
    cross join json_array_elements(${`[${rows.map(({ event }) => event).join()}]`}::text::json) with ordinality as e (event, place)
    join unnest(${rows.map(({ partition }) => partition)}::smallint[], ${rows.map(({ key }) => key)}::text[])
      with ordinality as p (partition, key, place) using (place)
    order by place`;
}

/** Large events come in smaller batches, for a process must not need more memory than it has. */
const batchBytes = 1_000_000;

export async function readLog(
  sql: Sql,
  topic: Topic,
  partition: number,
  after: number,
  limit: number,
): Promise<LogRow[]> {
  return await sql<LogRow[]>`
    select id, key, event from (
      select id, key, event, sum(pg_column_size(event)) over (order by id) - pg_column_size(event) as bytes_before
      from (
        select id, key, event from bus.event
        where topic = ${topic} and partition = ${partition} and id > ${after} order by id limit ${limit}
      ) as next
    ) as measured
    where bytes_before < ${batchBytes} order by id`;
}

/** The last id of each partition of the topics, 0 for an empty one. */
export async function readHeads(
  sql: Sql,
  topics: readonly Topic[],
  partitions: readonly number[],
): Promise<{ topic: Topic; partition: number; head: number }[]> {
  return await sql<{ topic: Topic; partition: number; head: number }[]>`
    select t.topic, p.partition, coalesce(last.id, 0) as head
    from unnest(${[...topics]}::text[]) as t (topic)
    cross join unnest(${[...partitions]}::smallint[]) as p (partition)
    left join lateral (
      select id from bus.event e where e.topic = t.topic and e.partition = p.partition order by id desc limit 1
    ) as last on true`;
}

/** Where the group stands; a new group begins with the oldest event that is kept. */
export async function readCursor(sql: Sql, { topic, group, partition }: Share): Promise<number> {
  const [row] = await sql<{ position: number }[]>`
    with made as (
      insert into bus.cursor (topic, consumer_group, partition, position)
      values (${topic}, ${group}, ${partition}, 0) on conflict do nothing
    )
    select position from bus.cursor
    where topic = ${topic} and consumer_group = ${group} and partition = ${partition}`;
  return row?.position ?? 0;
}

/**
 * Moves the cursor; false when somebody else has moved it meanwhile. Its commit does not wait for the disk: after a
 * crash of PostgreSQL the events since then are delivered once more, and the effects' inboxes know them.
 */
export async function moveCursor(sql: Sql, share: Share, from: number, to: number): Promise<boolean> {
  const moved = await sql`
    update bus.cursor set position = ${to}
    where topic = ${share.topic} and consumer_group = ${share.group} and partition = ${share.partition}
      and position = ${from} and set_config('synchronous_commit', 'off', true) is not null`;
  return moved.count === 1;
}

/** Events that the group has not settled yet: those after its cursor and those that wait to be tried again. */
export async function countUnconsumed(
  sql: Sql,
  topic: Topic,
  group: string,
  partitions: readonly number[],
): Promise<number> {
  const [row] = await sql<{ lag: number }[]>`
    select coalesce(sum(ahead.count), 0)::bigint + (
      select count(*) from bus.parked where topic = ${topic} and consumer_group = ${group}
    ) as lag
    from unnest(${[...partitions]}::smallint[]) as p (partition)
    left join bus.cursor c on c.topic = ${topic} and c.consumer_group = ${group} and c.partition = p.partition
    cross join lateral (
      select count(*) from bus.event e
      where e.topic = ${topic} and e.partition = p.partition and e.id > coalesce(c.position, 0)
    ) as ahead`;
  return row?.lag ?? 0;
}

/**
 * Deletes up to `limit` events of one partition that were published before `before` and answers how many. It looks at
 * the oldest `limit` only, so that it costs the same however long the log is.
 */
export async function trimPartition(
  sql: Sql,
  topic: string,
  partition: number,
  before: Date,
  limit: number,
): Promise<number> {
  const gone = await sql`
    with oldest as (
      select id, published_at from bus.event
      where topic = ${topic} and partition = ${partition} order by id limit ${limit}
    )
    delete from bus.event
    where topic = ${topic} and partition = ${partition} and published_at < ${before}
      and id <= (select max(id) from oldest where published_at < ${before})`;
  return gone.count;
}
