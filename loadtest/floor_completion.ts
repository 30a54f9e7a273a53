import { Hono } from "hono";
import postgres from "postgres";

/**
 * The floor for completing and reopening a task, as floor.ts is for the other calls: bare Hono over postgres.js that runs the
 * statements Rondo runs, on tables of the same shape, and nothing else.
 *
 * `bun floor_completion.ts <database url>`; it answers `/api/v1/tasks/<id>/completion` and prints its origin.
 */
const url = process.argv[2];
if (url === undefined) throw new Error("say where: bun floor_completion.ts postgres://…");
const sql = postgres(url, {
  max: 10,
  types: { bigint: { to: 20, from: [20], parse: Number, serialize: String } },
  onnotice: () => undefined,
});
const [place] = await sql<{ workspace_id: string; project_id: string; user_id: string }[]>`select * from floor.place`;
if (place === undefined) throw new Error("floor.place is empty");
const { workspace_id, user_id } = place;

interface StoredTask {
  readonly completed_at: string | null;
  readonly completed_by: string | null;
  readonly version: number;
}

const app = new Hono();
app.post("/api/v1/tasks/:id/completion", async (c) => answer(await write(c.req.param("id"), "task.completed")));
app.delete("/api/v1/tasks/:id/completion", async (c) => answer(await write(c.req.param("id"), "task.reopened")));

function answer(task: object | undefined): Response {
  return task === undefined ? new Response(null, { status: 404 }) : Response.json(task);
}

/** Reads the task, then writes row, operation and event in one statement. */
async function write(id: string, kind: "task.completed" | "task.reopened"): Promise<object | undefined> {
  const [task] = await sql<StoredTask[]>`
    select
      id, workspace_id, project_id, title, notes, priority, due_date, due_time, time_zone, due_at, completed_at, completed_by,
      deleted_at, position, version, created_at, created_by, updated_at
    from floor.task where id = ${id} and workspace_id = ${workspace_id}`;
  if (task === undefined) return undefined;
  const now = new Date().toISOString();
  const done = kind === "task.completed" ? { at: now, by: user_id } : { at: null, by: null };
  const next = { ...task, completed_at: done.at, completed_by: done.by, version: task.version + 1, updated_at: now };
  const operation_id = Bun.randomUUIDv7();
  const changes = { completed_at: [task.completed_at, done.at], completed_by: [task.completed_by, done.by] };
  const event = {
    specversion: "1.0",
    id: operation_id,
    source: "/rondo/api",
    type: `${kind}.v1`,
    subject: id,
    time: now,
    workspaceid: workspace_id,
    data: { task: next, changes },
  };
  await sql`
    with task as (
      update floor.task set
        completed_at = ${done.at}::timestamptz, completed_by = ${done.by}::uuid, version = ${next.version}, updated_at = ${now}::timestamptz
      where id = ${id} and workspace_id = ${workspace_id} and version = ${task.version}
      returning id
    ), operation as (
      insert into floor.operation (id, workspace_id, user_id, kind, subject_id, version, changes)
      select ${operation_id}::uuid, ${workspace_id}::uuid, ${user_id}::uuid, ${kind}, ${id}::uuid, ${next.version}, ${JSON.stringify(changes)}::text::jsonb
      where exists (select from task)
    ), event as (
      insert into floor.outbox (event_id, key, type, payload)
      select ${operation_id}::uuid, ${workspace_id}::text, ${event.type}, ${JSON.stringify(event)}::text::json
      where exists (select from task)
    )
    select id from task`;
  return next;
}

const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: app.fetch });
process.stdout.write(`floor: ${server.url.origin}\n`);
