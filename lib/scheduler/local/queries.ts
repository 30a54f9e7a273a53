/** SQL of `scheduler.job`: what is to be done when. Moments are the program's, by its own clock. */
import type { Sql } from "@rondo/db";
import { kindOf } from "../name.ts";
import type { Job, JsonObject } from "../port.ts";

export interface JobRow {
  readonly name: string;
  readonly at: string;
  readonly data: JsonObject;
  readonly revision: string;
}

/** Instead of what has this name. */
export async function putJob(sql: Sql, { name, at, data }: Job): Promise<void> {
  await sql`
    insert into scheduler.job (name, kind, at, data, next_at)
    values (${name}, ${kindOf(name)}, ${at}, ${JSON.stringify(data)}::text::json, ${at})
    on conflict (name) do update set
      at = excluded.at, data = excluded.data, next_at = excluded.next_at, revision = excluded.revision`;
}

export async function removeJob(sql: Sql, name: string): Promise<void> {
  await sql`delete from scheduler.job where name = ${name}`;
}

/** When to look at the first of these kinds; undefined when there is none. */
export async function nextMoment(sql: Sql, kinds: readonly string[]): Promise<number | undefined> {
  const [row] = await sql<{ next_at: string | null }[]>`
    select min(first.next_at) as next_at from unnest(${[...kinds]}::text[]) as k (kind)
    cross join lateral (
      select next_at from scheduler.job j where j.kind = k.kind order by next_at limit 1
    ) as first`;
  return row?.next_at ? Date.parse(row.next_at) : undefined;
}

/** Takes up to `limit` jobs that are due, the earliest first, and puts them off until `until`, when another process may look at them. */
export async function takeJobs(
  sql: Sql,
  kinds: readonly string[],
  { now, until, limit }: { now: Date; until: Date; limit: number },
): Promise<JobRow[]> {
  return await sql<JobRow[]>`
    with due as (
      select name from scheduler.job where kind = any(${[...kinds]}::text[]) and next_at <= ${now}
      order by next_at limit ${limit} for update skip locked
    )
    update scheduler.job j set next_at = ${until} from due where j.name = due.name
    returning j.name, j.at, j.data, j.revision`;
}

/** Forgets jobs that are done, unless something else was scheduled over one. */
export async function forgetJobs(sql: Sql, rows: readonly JobRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    delete from scheduler.job j using unnest(
      ${rows.map(({ name }) => name)}::text[], ${rows.map(({ revision }) => revision)}::uuid[]
    ) as d (name, revision) where j.name = d.name and j.revision = d.revision`;
}

export async function putOff(sql: Sql, { name, revision }: JobRow, until: Date): Promise<void> {
  await sql`update scheduler.job set next_at = ${until} where name = ${name} and revision = ${revision}`;
}
