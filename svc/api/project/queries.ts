import type { Fragment, Sql } from "@rondo/db";
import type { Project, ProjectState } from "@rondo/task";
import { appendFact, type Fact } from "../thing/fact.ts";

/** In the order in which a project is answered. */
export const projectColumns = (sql: Sql): Fragment => sql`
  id, workspace_id, name, color, is_inbox, position, archived_at, deleted_at, version, created_at, created_by, updated_at`;

export async function findInbox(sql: Sql, workspaceId: string): Promise<string | undefined> {
  const [row] = await sql<{ id: string }[]>`
    select id from api.project where workspace_id = ${workspaceId} and is_inbox`;
  return row?.id;
}

/** A project that is not deleted. */
export async function findProject(sql: Sql, workspaceId: string, id: string): Promise<ProjectState | undefined> {
  const project = await findProjectEvenDeleted(sql, workspaceId, id);
  return project?.deleted_at === null ? project : undefined;
}

export async function findProjectEvenDeleted(
  sql: Sql,
  workspaceId: string,
  id: string,
): Promise<ProjectState | undefined> {
  const [row] = await sql<ProjectState[]>`
    select ${projectColumns(sql)} from api.project where id = ${id} and workspace_id = ${workspaceId}`;
  return row;
}

/**
 * The same, held against every change and every new task until the transaction ends: whoever puts a task into a project takes
 * a key share lock on it.
 */
export async function lockProject(sql: Sql, workspaceId: string, id: string): Promise<ProjectState | undefined> {
  const [row] = await sql<ProjectState[]>`
    select ${projectColumns(sql)} from api.project where id = ${id} and workspace_id = ${workspaceId} for update`;
  return row;
}

/** Whether a project has tasks outside the bin. */
export async function holdsTasks(sql: Sql, workspaceId: string, id: string): Promise<boolean> {
  const [row] = await sql<{ holds: boolean }[]>`
    select exists (
      select from api.task
      where project_id = ${id} and workspace_id = ${workspaceId} and status in ('open', 'completed')
    ) as holds`;
  return row?.holds ?? false;
}

/** Adds the project, its operation and its event. */
export async function insertProject(sql: Sql, project: ProjectState, fact: Fact): Promise<void> {
  await sql`
    with project as (
      insert into api.project (${projectColumns(sql)})
      values (
        ${project.id}, ${project.workspace_id}, ${project.name}, ${project.color}, ${project.is_inbox},
        ${project.position}, ${project.archived_at}, ${project.deleted_at}, ${project.version}, ${project.created_at},
        ${project.created_by}, ${project.updated_at}
      )
      returning id
    ), ${appendFact(sql, fact, sql`project`)}
    select id from project`;
}

/** Writes the next version with its operation and event, if the project still has the version before it. */
export async function updateProject(sql: Sql, current: ProjectState, next: ProjectState, fact: Fact): Promise<boolean> {
  const moves = next.position !== current.position;
  const rows = await sql`
    with project as (
      update api.project set
        name = ${next.name}, color = ${next.color}, archived_at = ${next.archived_at}, deleted_at = ${next.deleted_at},
        position = case when ${moves}::boolean then ${next.position} else position end,
        version = ${next.version}, updated_at = ${next.updated_at}
      where id = ${current.id} and workspace_id = ${current.workspace_id} and version = ${current.version}
      returning id
    ), ${appendFact(sql, fact, sql`project`)}
    select id from project`;
  return rows.length === 1;
}

/** What a purge says of a project that is gone; its version is the last that it had. */
type PurgedProject = Pick<Project, "id" | "workspace_id" | "version">;

/** Deletes for good up to `limit` projects of all workspaces that were deleted before `before` and whose tasks are gone. */
export async function deleteBinnedProjects(sql: Sql, before: Date, limit: number): Promise<PurgedProject[]> {
  return await sql<PurgedProject[]>`
    delete from api.project where id = any(array(
      select id from api.project p
      where deleted_at < ${before} and not exists (select from api.task t where t.project_id = p.id)
      order by deleted_at limit ${limit} for update skip locked
    ))
    returning id, workspace_id, version`;
}
