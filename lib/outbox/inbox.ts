import type { Fragment, Sql } from "@rondo/db";

/**
 * The statement that records that the consumer is about to have its effect for these events, and returns the `event_id`
 * of those it had none for yet: for a CTE beside the effect, or a transaction with it. Whatever is delivered twice, also
 * at the same time, has its effect once.
 */
export function newEvents(sql: Sql, schema: string, consumer: string, eventIds: readonly string[]): Fragment {
  return sql`
    insert into ${sql(schema)}.inbox (consumer, event_id)
    select distinct ${consumer}::text, id from unnest(${[...eventIds]}::uuid[]) as e (id) order by id
    on conflict do nothing returning event_id`;
}

/** The ids of the events that are new to the consumer: see `newEvents`. To be called with the transaction of the effect. */
export async function takeNew(
  sql: Sql,
  schema: string,
  consumer: string,
  eventIds: readonly string[],
): Promise<Set<string>> {
  const rows = await sql<{ event_id: string }[]>`${newEvents(sql, schema, consumer, eventIds)}`;
  return new Set(rows.map((row) => row.event_id));
}

/** Forgets, in small pieces, what was recorded before `before`; answers how many. */
export async function trimInbox(sql: Sql, schema: string, before: Date): Promise<number> {
  const atOnce = 5_000;
  let trimmed = 0;
  for (;;) {
    const gone = await sql`
      delete from ${sql(schema)}.inbox where (consumer, event_id) in (
        select consumer, event_id from ${sql(schema)}.inbox where at < ${before} order by at limit ${atOnce}
      )`;
    trimmed += gone.count;
    if (gone.count < atOnce) return trimmed;
  }
}
