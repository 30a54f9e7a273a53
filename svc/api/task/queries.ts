import type { Fragment, Sql } from "@rondo/db";
import type { Task } from "@rondo/task";
import { appendFact, type Fact } from "../thing/fact.ts";

/** In the order in which a task is answered. */
export const taskColumns = (sql: Sql): Fragment => sql`
  id, workspace_id, project_id, title, notes, priority, due_date, due_time, time_zone, due_at, completed_at, completed_by,
  deleted_at, position, version, created_at, created_by, updated_at`;

export async function findTask(sql: Sql, workspaceId: string, id: string): Promise<Task | undefined> {
  const [row] = await sql<Task[]>`
    select ${taskColumns(sql)} from api.task where id = ${id} and workspace_id = ${workspaceId}`;
  return row;
}

/** `active`: neither deleted nor archived. `existing`: not deleted. */
export type Target = "active" | "existing";

/**
 * The project into which a task goes, held so that it cannot be deleted before the task is in it. A lock that had to wait
 * looks at the row again, so a project that was deleted meanwhile is not found.
 */
function targetProject(sql: Sql, { workspace_id, project_id }: Task, target: Target): Fragment {
  return sql`
    select id, workspace_id from api.project
    where id = ${project_id} and workspace_id = ${workspace_id} and deleted_at is null
      and (archived_at is null or ${target === "existing"}::boolean)
    for key share`;
}

/** Adds an open task, its operation and its event; false when there is no such active project. */
export async function insertTask(sql: Sql, task: Task, fact: Fact): Promise<boolean> {
  const rows = await sql`
    with target as materialized (${targetProject(sql, task, "active")}), task as (
      insert into api.task (
        workspace_id, project_id, id, title, notes, priority, due_date, due_time, time_zone, due_at, position, version,
        created_at, created_by, updated_at
      )
      select
        target.workspace_id, target.id, ${task.id}::uuid, ${task.title}, ${task.notes}, ${task.priority}::api.priority,
        ${task.due_date}::date, ${task.due_time}::time, ${task.time_zone}, ${task.due_at}::timestamptz, ${task.position},
        ${task.version}::integer, ${task.created_at}::timestamptz, ${task.created_by}::uuid, ${task.updated_at}::timestamptz
      from target
      returning id
    ), ${appendFact(sql, fact, sql`task`)}
    select id from task`;
  return rows.length === 1;
}

/** Writes the next version with its operation and event, if the task still has the version before it. */
export async function updateTask(sql: Sql, current: Task, next: Task, fact: Fact): Promise<boolean> {
  const rows = await sql`
    with task as (
      update api.task set ${assignments(sql, current, next)} where ${isStill(sql, current)} returning id
    ), ${appendFact(sql, fact, sql`task`)}
    select id from task`;
  return rows.length === 1;
}

export type Outcome = "written" | "lost" | "no_project";

/** The same for a change that puts the task into a project, or back into its own from the bin. */
export async function updateTaskInto(
  sql: Sql,
  current: Task,
  next: Task,
  { fact, target }: { fact: Fact; target: Target },
): Promise<Outcome> {
  const [row] = await sql<{ found: boolean; written: boolean }[]>`
    with target as materialized (${targetProject(sql, next, target)}),
    task as (
      update api.task set ${assignments(sql, current, next)}
      where ${isStill(sql, current)} and exists (select from target)
      returning id
    ), ${appendFact(sql, fact, sql`task`)}
    select exists (select from target) as found, exists (select from task) as written`;
  if (!row?.found) return "no_project";
  return row.written ? "written" : "lost";
}

function isStill(sql: Sql, { id, workspace_id, version }: Task): Fragment {
  return sql`id = ${id} and workspace_id = ${workspace_id} and version = ${version}`;
}

/** A position that stays is not written: it may have been spread anew since the task was read (place.ts). */
function assignments(sql: Sql, current: Task, next: Task): Fragment {
  const moves = next.position !== current.position;
  return sql`
    project_id = ${next.project_id}, title = ${next.title}, notes = ${next.notes}, priority = ${next.priority},
    due_date = ${next.due_date}, due_time = ${next.due_time}, time_zone = ${next.time_zone}, due_at = ${next.due_at},
    completed_at = ${next.completed_at}, completed_by = ${next.completed_by}, deleted_at = ${next.deleted_at},
    position = case when ${moves}::boolean then ${next.position} else position end,
    version = ${next.version}, updated_at = ${next.updated_at}`;
}

/** What a purge says of a task that is gone; its version is the last that it had. */
type PurgedTask = Pick<Task, "id" | "workspace_id" | "project_id" | "version">;

/**
 * Deletes for good up to `limit` tasks of all workspaces that came into the bin before `before`, the oldest first. One that is
 * just being restored is left alone.
 */
export async function deleteBinnedTasks(sql: Sql, before: Date, limit: number): Promise<PurgedTask[]> {
  return await sql<PurgedTask[]>`
    delete from api.task where id = any(array(
      select id from api.task where deleted_at < ${before} order by deleted_at limit ${limit} for update skip locked
    ))
    returning id, workspace_id, project_id, version`;
}
