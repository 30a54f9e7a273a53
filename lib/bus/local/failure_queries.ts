/** SQL of the events that wait to be tried again (`parked`) and of those that a group gave up (`dead_letter`). */
import type { Fragment, Sql } from "@rondo/db";

import type { Assignment } from "./log_queries.ts";

/** An event that could not be settled, as it is written. `tries` is 0 for one that only waits behind another of its key. */
export interface Failed {
  readonly key: string;
  readonly event: unknown;
  readonly tries: number;
  readonly reason: string | null;
  readonly first_failed_at: string | null;
  readonly pause_ms: number;
}

export interface ParkedRow {
  readonly id: number;
  readonly key: string;
  readonly event: unknown;
  readonly tries: number;
  readonly first_failed_at: string | null;
}

/** What failed of a batch of the log, in its order. */
export interface BatchSettlement {
  readonly parked: readonly Failed[];
  readonly dead: readonly Failed[];
}

/** What became of the parked events of one key. */
export interface ParkedSettlement {
  readonly key: string;
  readonly done: readonly number[];
  readonly again: readonly { id: number; tries: number; reason: string; pause_ms: number }[];
  readonly dead: readonly (Failed & { id: number })[];
}

/** Moves the cursor past a batch of which some events failed, and keeps those: all of it, or none when it lost a race. */
export async function settleBatch(
  sql: Sql,
  assignment: Assignment,
  from: number,
  to: number,
  { parked, dead }: BatchSettlement,
): Promise<boolean> {
  const onlyIf = sql`exists (select from moved)`;
  const moved = await sql`
    with moved as (
      update bus.cursor set position = ${to}
      where topic = ${assignment.topic} and consumer_group = ${assignment.group} and partition = ${assignment.partition}
        and position = ${from}
      returning 1
    ), parked as (${insertParked(sql, assignment, parked, onlyIf)}), dead as (${insertDead(sql, assignment, dead, onlyIf)})
    select from moved`;
  return moved.count === 1;
}

/** The keys that are held back, and how long until the first event of each is tried again (0 or less: now). */
export async function readHeldKeys(sql: Sql, assignment: Assignment): Promise<{ key: string; due_in_ms: number }[]> {
  return await sql<{ key: string; due_in_ms: number }[]>`
    select distinct on (key) key, (extract(epoch from next_try_at - clock_timestamp()) * 1000)::float8 as due_in_ms
    from bus.parked
    where topic = ${assignment.topic} and consumer_group = ${assignment.group} and partition = ${assignment.partition}
    order by key, id`;
}

export async function readParked(sql: Sql, assignment: Assignment, key: string, limit: number): Promise<ParkedRow[]> {
  return await sql<ParkedRow[]>`
    select id, key, event, tries, first_failed_at from bus.parked
    where topic = ${assignment.topic} and consumer_group = ${assignment.group} and partition = ${assignment.partition} and key = ${key}
    order by id limit ${limit}`;
}

/** Settles what was tried again: forgets what is done, keeps the rest for later or with the dead letters. */
export async function settleParked(sql: Sql, assignment: Assignment, settlement: ParkedSettlement): Promise<void> {
  const { again, dead } = settlement;
  const gone = [...settlement.done, ...dead.map((letter) => letter.id)];
  await sql`
    with gone as (
      delete from bus.parked
      where topic = ${assignment.topic} and consumer_group = ${assignment.group} and partition = ${assignment.partition}
        and key = ${settlement.key} and id = any(${gone}::bigint[])
      returning id
    ), again as (
      update bus.parked p set tries = a.tries, reason = a.reason,
        first_failed_at = coalesce(p.first_failed_at, clock_timestamp()),
        next_try_at = clock_timestamp() + a.pause_ms * interval '1 millisecond'
      from jsonb_to_recordset(${JSON.stringify(again)}::text::jsonb)
        as a (id bigint, tries integer, reason text, pause_ms float8)
      where p.topic = ${assignment.topic} and p.consumer_group = ${assignment.group} and p.partition = ${assignment.partition}
        and p.key = ${settlement.key} and p.id = a.id
    )
    ${insertDead(sql, assignment, dead, sql`f.id in (select id from gone)`)}`;
}

/** Changes whenever somebody parks or replays an event: a cheap question, asked often. */
export async function lastParkedId(sql: Sql): Promise<number> {
  const [row] = await sql<{ last: number }[]>`select last_value as last from bus.parked_id_seq`;
  return row?.last ?? 0;
}

function insertParked(sql: Sql, { topic, group, partition }: Assignment, failed: readonly Failed[], onlyIf: Fragment) {
  return sql`
    insert into bus.parked
      (topic, consumer_group, partition, key, event, tries, reason, first_failed_at, next_try_at)
    select ${topic}, ${group}, ${partition}, f.key, f.event, f.tries, f.reason,
      case when f.tries > 0 then coalesce(f.first_failed_at, clock_timestamp()) end,
      clock_timestamp() + f.pause_ms * interval '1 millisecond'
    from ${recordsOf(sql, failed)} where ${onlyIf} order by f.place`;
}

function insertDead(sql: Sql, { topic, group, partition }: Assignment, failed: readonly Failed[], onlyIf: Fragment) {
  return sql`
    insert into bus.dead_letter
      (topic, consumer_group, partition, key, event, reason, tries, first_failed_at, last_failed_at)
    select ${topic}, ${group}, ${partition}, f.key, f.event, f.reason, f.tries,
      coalesce(f.first_failed_at, clock_timestamp()), clock_timestamp()
    from ${recordsOf(sql, failed)} where ${onlyIf} order by f.place`;
}

function recordsOf(sql: Sql, failed: readonly Failed[]): Fragment {
  return sql`rows from (
    jsonb_to_recordset(${JSON.stringify(failed)}::text::jsonb) as (
      id bigint, key text, event jsonb, tries integer, reason text, first_failed_at timestamptz, pause_ms float8
    )
  ) with ordinality as f (id, key, event, tries, reason, first_failed_at, pause_ms, place)`;
}
