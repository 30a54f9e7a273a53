import type { Sql } from "postgres";

interface Place {
  readonly workspace_id: string;
  readonly inbox_id: string;
  readonly user_id: string;
}

/** Tables of the same shape, indexes and keys as Rondo's, for the floor alone: nobody publishes from its outbox. */
export async function layFloor(sql: Sql, { workspace_id, inbox_id, user_id }: Place): Promise<void> {
  await sql.unsafe(`
    drop schema if exists floor cascade;
    create schema floor;
    create table floor.task (like api.task including all,
      foreign key (workspace_id, project_id) references api.project (workspace_id, id));
    create table floor.operation (like api.operation including all,
      foreign key (workspace_id) references api.workspace (id));
    create table floor.outbox (like api.outbox including all);
    create table floor.place (workspace_id uuid, project_id uuid, user_id uuid);`);
  await sql`insert into floor.place values (${workspace_id}, ${inbox_id}, ${user_id})`;
}

/** Fills a project up to so many tasks, as if they had been made one by one, and lets PostgreSQL look at them. */
export async function seedTasks(sql: Sql, schema: "api" | "floor", place: Place, count: number): Promise<void> {
  await sql`
    insert into ${sql(schema)}.task (
      id, workspace_id, project_id, title, notes, priority, due_date, due_at, position, version, created_at, created_by, updated_at
    )
    select
      uuidv7(), ${place.workspace_id}, ${place.inbox_id}, 'Water the plants ' || n, repeat('Every pot on the balcony. ', (n % 8)::int),
      (array['none', 'low', 'medium', 'high', 'urgent'])[1 + n % 5]::api.priority, date '2026-01-01' + (n % 700)::int,
      (date '2026-01-01' + (n % 700)::int)::timestamp at time zone 'UTC', 'f' || lpad(n::text, 8, '0') || 'V', 1, now(), ${place.user_id}, now()
    from generate_series(
      (select count(*) from ${sql(schema)}.task where project_id = ${place.inbox_id}) + 1, ${count}::bigint
    ) as n`;
  await sql`vacuum (analyze) ${sql(schema)}.task`;
}

/** So many tasks of a project, spread over all of it. */
export async function someTaskIds(
  sql: Sql,
  schema: "api" | "floor",
  { inbox_id }: Place,
  count: number,
): Promise<readonly string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from ${sql(schema)}.task where project_id = ${inbox_id} order by random() limit ${count}`;
  return rows.map((row) => row.id);
}
