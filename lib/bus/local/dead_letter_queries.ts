/** SQL of the dead letters of the local engine, and of leaving a batch of the log behind. */
import type { Fragment, Sql } from "@rondo/db";
import { parking } from "../parked/queries.ts";
import type { NewParked } from "../parked/queue.ts";
import type { Assignment } from "./log_queries.ts";

/** An event that a group gives up. */
export interface NewDeadLetter {
  readonly partition: number;
  readonly key: string;
  /** As JSON. */
  readonly event: string;
  readonly reason: string;
  readonly tries: number;
  /** Null when its only failure was just now. */
  readonly first_failed_at: string | null;
}

/** Moves the cursor past a batch and keeps what is not done of it: all of that, or nothing when another process has moved the cursor. */
export async function settleBatch(
  sql: Sql,
  assignment: Assignment,
  { from, to }: { readonly from: number; readonly to: number },
  { parked, dead }: { readonly parked: readonly NewParked[]; readonly dead: readonly NewDeadLetter[] },
): Promise<boolean> {
  const { topic, group, partition } = assignment;
  const onlyIf = sql`exists (select from moved)`;
  const moved = await sql`
    with moved as (
      update bus.cursor set position = ${to}
      where topic = ${topic} and consumer_group = ${group} and partition = ${partition} and position = ${from}
      returning 1
    ), ${parking(sql, assignment, parked, onlyIf)}, dead as (${insertingDead(sql, assignment, dead, onlyIf)})
    select from moved`;
  return moved.count === 1;
}

export async function insertDeadLetter(
  sql: Sql,
  of: Pick<Assignment, "topic" | "group">,
  letter: NewDeadLetter,
): Promise<void> {
  await insertingDead(sql, of, [letter], sql`true`);
}

function insertingDead(
  sql: Sql,
  { topic, group }: Pick<Assignment, "topic" | "group">,
  letters: readonly NewDeadLetter[],
  onlyIf: Fragment,
): Fragment {
  const column = <K extends keyof NewDeadLetter>(name: K) => letters.map((letter) => letter[name]);
  return sql`
    insert into bus.dead_letter
      (topic, consumer_group, partition, key, event, reason, tries, first_failed_at, last_failed_at)
    select ${topic}, ${group}, partition, key, event::json, reason, tries,
      coalesce(first_failed_at, clock_timestamp()), clock_timestamp()
    from unnest(
      ${column("partition")}::smallint[], ${column("key")}::text[], ${column("event")}::text[], ${column("reason")}::text[],
      ${column("tries")}::integer[], ${column("first_failed_at")}::timestamptz[]
    ) with ordinality as d (partition, key, event, reason, tries, first_failed_at, place)
    where ${onlyIf} order by place`;
}
