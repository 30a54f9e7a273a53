import type { Sql } from "@rondo/db";
import type { Signal } from "@rondo/event";

/** An event that waits, without its text. */
export interface WaitingRow {
  readonly id: number;
  readonly key: string;
  /** Where it goes; null when its writer is of a version that left this to the relay. */
  readonly topics: readonly string[] | null;
  /** What its text takes in the database. */
  readonly bytes: number;
}

/** What is to be published, in the order in which it was appended, from the one after `after` on, without those of `except`. */
export async function readWaiting(
  sql: Sql,
  schema: string,
  { after, except = [], limit }: { after: number; except?: readonly number[]; limit: number },
): Promise<WaitingRow[]> {
  return await sql<WaitingRow[]>`
    select id, key, topics, bytes from ${sql(schema)}.waiting_rows(${after}, ${[...except]}::bigint[], ${limit})`;
}

/** Writes down where the events of older writers go. */
export async function keepDestinations(
  sql: Sql,
  schema: string,
  found: readonly { id: number; topics: readonly string[]; signal: object | null }[],
): Promise<void> {
  if (found.length === 0) return;
  await sql`
    update ${sql(schema)}.outbox o set topics = f.topics, signal = f.signal
    from json_to_recordset(${JSON.stringify(found)}::text::json) as f (id bigint, topics text[], signal json)
    where o.id = f.id and o.topics is null`;
}

/** The last id that was given out; its event may not be visible yet. A sequence that gave out none yet says 1 all the same. */
export async function readLastId(sql: Sql, schema: string): Promise<number> {
  const [row] = await sql<
    { last: number }[]
  >`select case when is_called then last_value else 0 end as last from ${sql(schema)}.outbox_id_seq`;
  return row?.last ?? 0;
}

/** The transactions under way that may have appended something: whoever writes to the table holds this lock until its end. */
export async function readAppenders(sql: Sql, schema: string): Promise<string[]> {
  const rows = await sql<{ transaction: string }[]>`
    select virtualtransaction as transaction from pg_locks
    where locktype = 'relation' and mode = 'RowExclusiveLock' and relation = ${`${schema}.outbox`}::text::regclass
      and database = (select oid from pg_database where datname = current_database())`;
  return rows.map(({ transaction }) => transaction);
}

export interface PayloadRow extends WaitingRow {
  readonly payload: unknown;
  readonly signal: Signal | null;
}

/** The events of these rows, in no order. */
export async function readPayloads(sql: Sql, schema: string, ids: readonly number[]): Promise<PayloadRow[]> {
  return await sql<PayloadRow[]>`
    select id, key, topics, pg_column_size(payload) as bytes, payload, signal
    from ${sql(schema)}.outbox where id = any(${[...ids]}::bigint[])`;
}

/**
 * Forgets what the engine has acknowledged. The commit does not wait for the disk: after a crash of PostgreSQL the rows
 * are back and published once more, under the same ids.
 */
export async function deletePublished(sql: Sql, schema: string, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    delete from ${sql(schema)}.outbox
    where id = any(${[...ids]}::bigint[]) and (select set_config('synchronous_commit', 'off', true)) is not null`;
}

/** Writes down which topics have acknowledged a row of which others have not; it goes when those are all of its topics. Commits like `deletePublished`. */
export async function keepAcknowledged(
  sql: Sql,
  schema: string,
  acknowledged: ReadonlyMap<number, ReadonlySet<string>>,
): Promise<void> {
  if (acknowledged.size === 0) return;
  const rows = [...acknowledged].map(([id, topics]) => ({ id, topics: [...topics] }));
  await sql`
    with known as (
      select o.id, array(select t from unnest(o.topics) with ordinality as u (t, place) where t <> all(a.topics) order by place) as left_over
      from ${sql(schema)}.outbox o
      join json_to_recordset(${JSON.stringify(rows)}::text::json) as a (id bigint, topics text[]) on a.id = o.id
      where (select set_config('synchronous_commit', 'off', true)) is not null
    ), gone as (
      delete from ${sql(schema)}.outbox o using known k where o.id = k.id and k.left_over = '{}'
    )
    update ${sql(schema)}.outbox o set topics = k.left_over from known k where o.id = k.id and k.left_over <> '{}'`;
}

/** Sets aside what the engine will never take, with the reason, so that it holds back nothing and is not lost. */
export async function setAside(sql: Sql, schema: string, refused: readonly { id: number; reason: string }[]) {
  if (refused.length === 0) return;
  await sql`
    with gone as (
      delete from ${sql(schema)}.outbox o
      using jsonb_to_recordset(${JSON.stringify(refused)}::text::jsonb) as r (id bigint, reason text)
      where o.id = r.id returning o.id, o.event_id, o.key, o.type, o.topics, o.signal, o.payload, r.reason
    )
    insert into ${sql(schema)}.outbox_refused (id, event_id, key, type, topics, signal, payload, reason) select * from gone`;
}
