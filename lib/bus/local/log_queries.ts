/** SQL of the log and of the groups' cursors. What was given up: `dead_letter_queries.ts`. */
import type { Sql } from "@rondo/db";
import type { Topic } from "@rondo/event";

/** One partition of a topic, as one group reads it. */
export interface Assignment {
  readonly topic: Topic;
  readonly group: string;
  readonly partition: number;
}

export interface LogRow {
  readonly id: number;
  readonly key: string;
  readonly event: unknown;
}

/** An event to append, as its JSON text. */
export interface NewRow {
  readonly partition: number;
  readonly key: string;
  readonly text: string;
}

/**
 * Appends to the log, in the order given, and answers the ids. Whoever has moved a partition's head keeps others from it
 * until the commit, so a reader that has seen an id never meets a lower one of the partition later. The commit does not wait for the
 * disk: whatever is committed after it (the outbox forgetting the event, a cursor, an effect) is behind it in the same
 * write-ahead log, so a crash of PostgreSQL takes none of it without all of it, and the relay publishes again.
 */
export async function appendToLog(sql: Sql, topic: string, rows: readonly NewRow[]): Promise<number[]> {
  const appended = await sql<{ id: number }[]>`
    with new as (
      select partition, key, event, place, count(*) over (partition by partition order by place desc) - 1 as behind
      from unnest(${rows.map(({ partition }) => partition)}::smallint[], ${rows.map(({ key }) => key)}::text[])
        with ordinality as r (partition, key, place)
      join json_array_elements(${`[${rows.map(({ text }) => text).join()}]`}::text::json)
        with ordinality as e (event, place) using (place)
    ), moved as (
      insert into bus.head as h (topic, partition, head)
      select ${topic}, partition, count(*) from new group by partition order by partition
      on conflict (topic, partition) do update set head = h.head + excluded.head
      returning partition, head, set_config('synchronous_commit', 'off', true)
    ), appended as (
      insert into bus.event (topic, partition, id, key, event)
      select ${topic}, partition, head - behind, key, event from new join moved using (partition)
    )
    select head - behind as id from new join moved using (partition) order by place`;
  return appended.map(({ id }) => id);
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

/** The last id of each partition that was ever published to. */
export async function readHeads(
  sql: Sql,
  topics: readonly Topic[],
): Promise<{ topic: Topic; partition: number; head: number }[]> {
  return await sql<{ topic: Topic; partition: number; head: number }[]>`
    select topic, partition, head from bus.head where topic = any(${[...topics]}::text[])`;
}

/** Where the group stands; a new group begins with the oldest event that is kept. */
export async function readCursor(sql: Sql, { topic, group, partition }: Assignment): Promise<number> {
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
export async function moveCursor(sql: Sql, assignment: Assignment, from: number, to: number): Promise<boolean> {
  const moved = await sql`
    update bus.cursor set position = ${to}
    where topic = ${assignment.topic} and consumer_group = ${assignment.group} and partition = ${assignment.partition}
      and position = ${from} and set_config('synchronous_commit', 'off', true) is not null`;
  return moved.count === 1;
}

/**
 * Deletes up to `limit` events of one partition that were published before `before` and that every group has read, and answers
 * how many. It looks at the oldest `limit` only, so that it costs the same however long the log is.
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
      and id <= (select max(id) from oldest where published_at < ${before})
      and id <= all (select position from bus.cursor where topic = ${topic} and partition = ${partition})`;
  return gone.count;
}
