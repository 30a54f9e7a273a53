import { deleteInBatches, type Sql } from "@rondo/db";

/**
 * The counts, shared by all processes. Unlogged: they are no facts, a crash of PostgreSQL may forget them, and each costs no
 * WAL. `granted` is what the last statement on the row was given.
 */
export function rateLimitMigration(schema: string): string {
  return `create unlogged table ${schema}.rate_limit (
  name text not null,
  key text not null,
  used integer not null,
  granted integer not null,
  ends_at timestamptz not null,
  primary key (name, key)
) with (fillfactor = 70);
create index rate_limit_ends_at on ${schema}.rate_limit (ends_at);`;
}

export interface Grant {
  /** How many of those asked for were left in the window. */
  readonly granted: number;
  /** Until the window ends and all are free again; by the database's clock, so that processes agree. */
  readonly leftMs: number;
}

/** Takes up to `count` of `limit` in the key's window, which begins with its first take. One statement; the row's lock orders rivals. */
export async function takeFromWindow(
  sql: Sql,
  schema: string,
  take: { name: string; key: string; count: number; limit: number; windowMs: number },
): Promise<Grant> {
  const { name, key, limit, windowMs } = take;
  const count = Math.min(take.count, limit);
  const [row] = await sql<{ granted: number; left_ms: number }[]>`
    insert into ${sql(schema)}.rate_limit as r (name, key, used, granted, ends_at)
    values (${name}, ${key}, ${count}, ${count}, now() + ${windowMs} * interval '1 millisecond')
    on conflict (name, key) do update set
      used = case when r.ends_at <= now() then ${count} else least(r.used + ${count}, ${limit}) end,
      granted = case when r.ends_at <= now() then ${count} else least(${count}, ${limit} - r.used) end,
      ends_at = case when r.ends_at <= now() then excluded.ends_at else r.ends_at end
    returning granted, (extract(epoch from ends_at - now()) * 1000)::int as left_ms`;
  return { granted: row?.granted ?? 0, leftMs: row?.left_ms ?? windowMs };
}

/** How long a window that has nothing left still runs, in milliseconds; 0 when something is left. Takes nothing and writes nothing. */
export async function spentWindowMs(
  sql: Sql,
  schema: string,
  { name, key, limit }: { name: string; key: string; limit: number },
): Promise<number> {
  const [row] = await sql<{ left_ms: number }[]>`
    select (extract(epoch from ends_at - now()) * 1000)::int as left_ms from ${sql(schema)}.rate_limit
    where name = ${name} and key = ${key} and used >= ${limit} and ends_at > now()`;
  return row?.left_ms ?? 0;
}

/** Gives some back to a window that still runs. */
export async function giveToWindow(
  sql: Sql,
  schema: string,
  { name, key, count }: { name: string; key: string; count: number },
): Promise<void> {
  await sql`
    update ${sql(schema)}.rate_limit set used = greatest(0, used - ${count})
    where name = ${name} and key = ${key} and ends_at > now()`;
}

/** Removes windows that are over, in batches; for a timer, every few minutes. Answers how many. */
export function trimRateLimits(sql: Sql, schema: string): Promise<number> {
  return deleteInBatches(async (limit) => {
    const { count } = await sql`
      delete from ${sql(schema)}.rate_limit where (name, key) in (
        select name, key from ${sql(schema)}.rate_limit
        where ends_at < now() order by ends_at limit ${limit} for update skip locked
      )`;
    return count;
  });
}
