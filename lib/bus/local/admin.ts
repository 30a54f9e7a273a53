import type { Sql } from "@rondo/db";
import type { Topic } from "@rondo/event";
import type { BusAdmin, DeadLetter } from "../port.ts";
import { readPositions } from "./operator_queries.ts";

/** What an operator asks; it works whether or not the bus of this process was started. */
export function createAdmin(sql: Sql, onReplay: () => void = () => undefined): BusAdmin {
  return {
    lag: (topic, group) => lagOf(sql, topic, group),
    deadLetters: (options = {}) => readDeadLetters(sql, options),
    replay: async (ids) => {
      const count = await replayDeadLetters(sql, ids);
      onReplay();
      return count;
    },
    drop: (ids) => dropDeadLetters(sql, ids),
  };
}

/** What is unread, and what is parked. */
async function lagOf(sql: Sql, topic: Topic, group: string): Promise<number> {
  const positions = await readPositions(sql, [{ topic, group }]);
  return positions.reduce((sum, { lag }) => sum + lag, 0);
}

/** Oldest first, 100 unless told. */
async function readDeadLetters(
  sql: Sql,
  { topic, group, limit = 100 }: { topic?: Topic; group?: string; limit?: number },
): Promise<DeadLetter[]> {
  return await sql<DeadLetter[]>`
    select id::text as id, topic, consumer_group as "group", key, event, reason, tries, first_failed_at, last_failed_at
    from bus.dead_letter
    where true ${topic === undefined ? sql`` : sql`and topic = ${topic}`}
      ${group === undefined ? sql`` : sql`and consumer_group = ${group}`}
    order by dead_letter.id limit ${limit}`;
}

/** A replayed event waits like one that was just parked, with all its tries before it. */
async function replayDeadLetters(sql: Sql, ids: readonly string[]): Promise<number> {
  const replayed = await sql`
    with taken as (
      delete from bus.dead_letter where id = any(${known(ids)}::bigint[])
      returning id, topic, consumer_group, partition, key, 'key ' || key as queue, event::text as event
    ), queues as (
      insert into bus.parked_queue as q (topic, consumer_group, queue, partition, waiting, next_try_at)
      select topic, consumer_group, queue, min(partition), count(*), clock_timestamp()
      from taken group by topic, consumer_group, queue order by topic, consumer_group, queue
      on conflict (topic, consumer_group, queue) do update set waiting = q.waiting + excluded.waiting
    )
    insert into bus.parked_event (topic, consumer_group, queue, key, partition, event, tries)
    select topic, consumer_group, queue, key, partition, event, 0 from taken order by id`;
  return replayed.count;
}

async function dropDeadLetters(sql: Sql, ids: readonly string[]): Promise<number> {
  const dropped = await sql`delete from bus.dead_letter where id = any(${known(ids)}::bigint[])`;
  return dropped.count;
}

/** What is no id of a dead letter names none. */
function known(ids: readonly string[]): number[] {
  return ids.filter((id) => /^\d{1,15}$/.test(id)).map(Number);
}
