import { Hono } from "hono";
import postgres from "postgres";

/**
 * The floor to compare Rondo with: bare Hono over postgres.js that runs the statements Rondo runs for the same calls, on tables of the
 * same shape, and nothing else. No identity, validation, limits, logs, metrics or events: what is missing to 100 % is what those cost.
 *
 * `bun floor.ts <database url>`; it answers `/api/v1/tasks` of the one project in `floor.place` and prints its origin.
 */
const url = process.argv[2];
if (url === undefined) throw new Error("say where: bun floor.ts postgres://…");
const sql = postgres(url, {
  max: 10,
  types: { bigint: { to: 20, from: [20], parse: Number, serialize: String } },
  onnotice: () => undefined,
});
const [place] = await sql<{ workspace_id: string; project_id: string; user_id: string }[]>`select * from floor.place`;
if (place === undefined) throw new Error("floor.place is empty");
const { workspace_id, project_id, user_id } = place;

interface NewTask {
  readonly title: string;
  readonly priority: string;
  readonly due_date: string;
}

const app = new Hono();

app.post("/api/v1/tasks", async (c) => {
  const input = await c.req.json<NewTask>();
  const now = new Date().toISOString();
  const id = Bun.randomUUIDv7();
  const operation_id = Bun.randomUUIDv7();
  const due_at = `${input.due_date}T23:59:59.999Z`;
  const task = {
    id,
    workspace_id,
    project_id,
    title: input.title,
    notes: "",
    priority: input.priority,
    due_date: input.due_date,
    due_time: null,
    time_zone: null,
    due_at,
    completed_at: null,
    completed_by: null,
    deleted_at: null,
    position: `g${id}`,
    version: 1,
    created_at: now,
    created_by: user_id,
    updated_at: now,
  };
  const changes = { title: [null, input.title], project_id: [null, project_id], priority: ["none", input.priority] };
  const event = {
    specversion: "1.0",
    id: operation_id,
    source: "/rondo/api",
    type: "task.created.v1",
    subject: id,
    time: now,
    workspaceid: workspace_id,
    data: { task, changes },
  };
  await sql`
    with target as materialized (
      select id from api.project
      where id = ${project_id} and workspace_id = ${workspace_id} and deleted_at is null and archived_at is null
      for key share
    ), task as (
      insert into floor.task (
        id, workspace_id, project_id, title, notes, priority, due_date, due_time, time_zone, due_at, completed_at, completed_by,
        deleted_at, position, version, created_at, created_by, updated_at
      )
      select
        ${id}::uuid, ${workspace_id}::uuid, target.id, ${input.title}, ${""}, ${input.priority}::api.priority, ${input.due_date}::date,
        ${null}::time, ${null}, ${due_at}::timestamptz, ${null}::timestamptz, ${null}::uuid, ${null}::timestamptz, ${`g${id}`},
        ${1}::integer, ${now}::timestamptz, ${user_id}::uuid, ${now}::timestamptz
      from target
      returning id
    ), operation as (
      insert into floor.operation (id, workspace_id, user_id, kind, subject_id, version, changes)
      select ${operation_id}::uuid, ${workspace_id}::uuid, ${user_id}::uuid, 'task.created', ${id}::uuid, 1, ${JSON.stringify(changes)}::text::jsonb
      where exists (select from task)
    ), event as (
      insert into floor.outbox (event_id, key, type, payload)
      select ${operation_id}::uuid, ${workspace_id}::text, 'task.created.v1', ${JSON.stringify(event)}::text::json
      where exists (select from task)
    )
    select id from task`;
  return c.json(task, 201);
});

app.get("/api/v1/tasks", async (c) => {
  const limit = Number(c.req.query("limit") ?? 50);
  const items = await sql`
    select
      id, workspace_id, project_id, title, notes, priority, due_date, due_time, time_zone, due_at, completed_at, completed_by,
      deleted_at, position, version, created_at, created_by, updated_at
    from floor.task
    where workspace_id = ${workspace_id} and status = 'open' and project_id = ${project_id}
    order by position, id limit ${limit + 1}`;
  return c.json({ items: items.slice(0, limit), next_cursor: items.length > limit ? items[limit]?.id : null });
});

app.get("/api/v1/tasks/:id", async (c) => {
  const [task] = await sql`
    select
      id, workspace_id, project_id, title, notes, priority, due_date, due_time, time_zone, due_at, completed_at, completed_by,
      deleted_at, position, version, created_at, created_by, updated_at
    from floor.task where id = ${c.req.param("id")} and workspace_id = ${workspace_id}`;
  return task === undefined ? c.notFound() : c.json(task);
});

const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: app.fetch });
process.stdout.write(`floor: ${server.url.origin}\n`);
