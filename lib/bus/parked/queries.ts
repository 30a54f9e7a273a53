/** SQL of parked events: the tables of both engines, in the consumer's own database. */
import type { Fragment, Sql } from "@rondo/db";
import type { Topic } from "@rondo/event";
import { type GroupOfTopic, type NewParked, queueOfKey } from "./queue.ts";

export interface ParkedRow {
  readonly id: number;
  readonly key: string;
  readonly partition: number;
  readonly event: string;
  readonly tries: number;
  readonly first_failed_at: string | null;
  /** For how long it has been parked. */
  readonly age_ms: number;
}

/** Which of these keys have events parked. */
export async function selectHeldKeys(
  sql: Sql,
  { topic, group }: GroupOfTopic,
  keys: ReadonlySet<string>,
): Promise<Set<string>> {
  const byQueue = new Map([...keys].map((key) => [queueOfKey(key), key]));
  const rows = await sql<{ queue: string }[]>`
    select queue from bus.parked_queue
    where topic = ${topic} and consumer_group = ${group} and queue = any(${[...byQueue.keys()]}::text[])`;
  return new Set(rows.flatMap(({ queue }) => byQueue.get(queue) ?? []));
}

/** Parks events, in their order. */
export async function insertParked(sql: Sql, group: GroupOfTopic, events: readonly NewParked[]): Promise<void> {
  await sql`with ${parking(sql, group, events, sql`true`)} select`;
}

/**
 * The parts of a statement (`parked_new`, `parked_queues`, `parked_events`) that park events, if the condition holds. A queue's row counts what waits in it, and whoever adds to
 * a queue or takes from it changes that row first: so a queue with events is never deleted, and the depth is a sum of few numbers.
 */
export function parking(
  sql: Sql,
  { topic, group }: GroupOfTopic,
  events: readonly NewParked[],
  onlyIf: Fragment,
): Fragment {
  const column = <K extends keyof NewParked>(name: K) => events.map((event) => event[name]);
  return sql`
    parked_new as (
      select * from unnest(
        ${column("queue")}::text[], ${column("key")}::text[], ${column("partition")}::smallint[],
        ${column("event")}::text[], ${column("unknown_type")}::text[], ${column("tries")}::integer[],
        ${column("reason")}::text[], ${column("pause_ms")}::float8[]
      ) with ordinality as n (queue, key, partition, event, unknown_type, tries, reason, pause_ms, place)
      where ${onlyIf}
    ), parked_queues as (
      insert into bus.parked_queue as q (topic, consumer_group, queue, partition, unknown_type, waiting, next_try_at)
      select ${topic}, ${group}, queue, min(partition), min(unknown_type), count(*),
        clock_timestamp() + (array_agg(pause_ms order by place))[1] * interval '1 millisecond'
      from parked_new group by queue order by queue
      on conflict (topic, consumer_group, queue) do update set waiting = q.waiting + excluded.waiting
    ), parked_events as (
      insert into bus.parked_event
        (topic, consumer_group, queue, key, partition, event, tries, reason, first_failed_at)
      select ${topic}, ${group}, queue, key, partition, event, tries, reason,
        case when tries > 0 then clock_timestamp() end
      from parked_new order by place
    )`;
}

/** The commit does not wait for the disk: after a crash of PostgreSQL some parked events are tried once more. */
function withoutDisk(sql: Sql): Fragment {
  return sql`set_config('synchronous_commit', 'off', true) is not null`;
}

export interface ClaimOptions {
  readonly claim: string;
  readonly leaseMs: number;
  readonly limit: number;
}

/** Takes queues that are due, for as long as the lease: nobody else tries them meanwhile. */
export async function claimQueues(
  sql: Sql,
  { topic, group }: GroupOfTopic,
  { claim, leaseMs, limit }: ClaimOptions,
): Promise<string[]> {
  const claimed = await sql<{ queue: string }[]>`
    with due as (
      select queue from bus.parked_queue
      where topic = ${topic} and consumer_group = ${group} and next_try_at <= statement_timestamp()
      order by next_try_at limit ${limit} for update skip locked
    )
    update bus.parked_queue q set claim = ${claim}, next_try_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    from due where ${withoutDisk(sql)} and q.topic = ${topic} and q.consumer_group = ${group} and q.queue = due.queue
    returning q.queue`;
  return claimed.map(({ queue }) => queue);
}

/** In how many milliseconds the next queue is due; undefined when nothing is parked. */
export async function selectNextDue(sql: Sql, { topic, group }: GroupOfTopic): Promise<number | undefined> {
  const [row] = await sql<{ due_in_ms: number }[]>`
    select (extract(epoch from next_try_at - clock_timestamp()) * 1000)::float8 as due_in_ms from bus.parked_queue
    where topic = ${topic} and consumer_group = ${group} order by next_try_at limit 1`;
  return row?.due_in_ms;
}

/** Large events come in smaller pieces, for a process must not need more memory than it has. */
const mostBytes = 256_000;

/** The first events of a queue. */
export async function selectParked(
  sql: Sql,
  { topic, group }: GroupOfTopic,
  queue: string,
  limit: number,
): Promise<ParkedRow[]> {
  return await sql<ParkedRow[]>`
    select id, key, partition, event, tries, first_failed_at,
      (extract(epoch from clock_timestamp() - parked_at) * 1000)::float8 as age_ms
    from (
      select *, sum(octet_length(event)) over (order by id) - octet_length(event) as bytes_before from (
        select id, key, partition, event, tries, first_failed_at, parked_at from bus.parked_event
        where topic = ${topic} and consumer_group = ${group} and queue = ${queue} order by id limit ${limit}
      ) as next
    ) as measured
    where bytes_before < ${mostBytes} order by id`;
}

/** What became of the first events of a queue: some are gone, and one may have failed once more. */
export interface QueueSettlement {
  readonly gone: readonly number[];
  readonly again?: { readonly id: number; readonly tries: number; readonly reason: string } | undefined;
  /** The type of the next event when nobody here can read it: a program that can takes the queue at once. */
  readonly unknown_type?: string | undefined;
  /** Until the queue is tried again. */
  readonly pauseMs: number;
}

/** Settles and gives the claim back; false when the claim had been lost, and then nothing is changed. */
export async function settleQueue(
  sql: Sql,
  { topic, group }: GroupOfTopic,
  { queue, claim }: { readonly queue: string; readonly claim: string },
  { gone, again, unknown_type, pauseMs }: QueueSettlement,
): Promise<boolean> {
  const [settled] = await sql<{ waiting: number }[]>`
    with owned as (
      update bus.parked_queue set claim = null, unknown_type = ${unknown_type ?? null}, waiting = waiting - ${gone.length}::bigint,
        next_try_at = clock_timestamp() + ${pauseMs} * interval '1 millisecond'
      where topic = ${topic} and consumer_group = ${group} and queue = ${queue} and claim = ${claim} and ${withoutDisk(sql)}
      returning waiting
    ), gone as (
      delete from bus.parked_event
      where topic = ${topic} and consumer_group = ${group} and queue = ${queue} and id = any(${[...gone]}::bigint[])
        and exists (select from owned)
    ), again as (
      update bus.parked_event set tries = ${again?.tries ?? 0}, reason = ${again?.reason ?? null},
        first_failed_at = coalesce(first_failed_at, clock_timestamp())
      where topic = ${topic} and consumer_group = ${group} and queue = ${queue} and id = ${again?.id ?? 0}
        and exists (select from owned)
    )
    select waiting from owned`;
  if (settled?.waiting === 0) await deleteEmptyQueue(sql, { topic, group }, queue);
  return settled !== undefined;
}

/** Apart, so that it sees what others have added meanwhile. */
async function deleteEmptyQueue(sql: Sql, { topic, group }: GroupOfTopic, queue: string): Promise<void> {
  await sql`
    delete from bus.parked_queue
    where topic = ${topic} and consumer_group = ${group} and queue = ${queue} and waiting = 0`;
}

/** Takes queues whose first event was set aside, of these types or of any, as `claimQueues` does: this program can read it. */
export async function claimSetAside(
  sql: Sql,
  { topic, group }: GroupOfTopic,
  known: readonly string[] | undefined,
  { claim, leaseMs, limit }: ClaimOptions,
): Promise<string[]> {
  const claimed = await sql<{ queue: string }[]>`
    with readable as (
      select queue from bus.parked_queue
      where topic = ${topic} and consumer_group = ${group} and unknown_type is not null
        ${known === undefined ? sql`` : sql`and unknown_type = any(${[...known]}::text[])`}
      order by next_try_at limit ${limit} for update skip locked
    )
    update bus.parked_queue q set unknown_type = null, claim = ${claim},
      next_try_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    from readable where q.topic = ${topic} and q.consumer_group = ${group} and q.queue = readable.queue
    returning q.queue`;
  return claimed.map(({ queue }) => queue);
}

/** How many events of a group are parked. */
export async function countParked(sql: Sql, topic: Topic, group: string): Promise<number> {
  const [row] = await sql<{ parked: number }[]>`
    select coalesce(sum(waiting), 0)::bigint as parked from bus.parked_queue
    where topic = ${topic} and consumer_group = ${group}`;
  return row?.parked ?? 0;
}

/** Changes whenever somebody parks or replays an event: a cheap question, asked often. */
export async function lastParkedId(sql: Sql): Promise<number> {
  const [row] = await sql<{ last: number }[]>`select last_value as last from bus.parked_event_id_seq`;
  return row?.last ?? 0;
}
