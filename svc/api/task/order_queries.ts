import type { Sql, Tx } from "@rondo/db";
import type { Placed } from "../thing/place.ts";

interface Project {
  readonly workspace_id: string;
  readonly project_id: string;
}

/** A task of this project outside the bin. */
export async function findPlaced(sql: Sql, project: Project, id: string): Promise<Placed | undefined> {
  const [row] = await sql<Placed[]>`
    select id, position from api.task
    where id = ${id} and workspace_id = ${project.workspace_id} and project_id = ${project.project_id}
      and deleted_at is null`;
  return row;
}

/** The tasks of this project outside the bin directly before a place, nearest first. */
export async function placedBefore(
  sql: Sql,
  project: Project,
  { position, id }: Placed,
  count: number,
): Promise<Placed[]> {
  const { workspace_id, project_id } = project;
  return sql<Placed[]>`
    select id, position from (
      (select id, position from api.task
       where project_id = ${project_id} and workspace_id = ${workspace_id} and status = 'open'
         and (position, id) < (${position}, ${id}) order by position desc, id desc limit ${count})
      union all
      (select id, position from api.task
       where project_id = ${project_id} and workspace_id = ${workspace_id} and status = 'completed'
         and (position, id) < (${position}, ${id}) order by position desc, id desc limit ${count})
    ) as both_statuses order by position desc, id desc limit ${count}`;
}

/** The tasks of this project outside the bin directly after a place, nearest first. */
export async function placedAfter(
  sql: Sql,
  project: Project,
  { position, id }: Placed,
  count: number,
): Promise<Placed[]> {
  const { workspace_id, project_id } = project;
  return sql<Placed[]>`
    select id, position from (
      (select id, position from api.task
       where project_id = ${project_id} and workspace_id = ${workspace_id} and status = 'open'
         and (position, id) > (${position}, ${id}) order by position, id limit ${count})
      union all
      (select id, position from api.task
       where project_id = ${project_id} and workspace_id = ${workspace_id} and status = 'completed'
         and (position, id) > (${position}, ${id}) order by position, id limit ${count})
    ) as both_statuses order by position, id limit ${count}`;
}

/** Lets one spread at a time look at the project's order. New tasks are not kept waiting. */
export async function lockOrder(tx: Tx, { workspace_id, project_id }: Project): Promise<void> {
  await tx`select id from api.project where id = ${project_id} and workspace_id = ${workspace_id} for no key update`;
}

/**
 * Gives tasks new positions that leave their order as it is: so there is no new version and no event. One that was moved by
 * somebody else meanwhile keeps the place that it was moved to.
 */
export async function replacePositions(sql: Sql, run: readonly Placed[], positions: readonly string[]): Promise<void> {
  await sql`
    update api.task set position = place.position
    from unnest(
      ${run.map(({ id }) => id)}::uuid[], ${run.map(({ position }) => position)}::text[], ${[...positions]}::text[]
    ) as place (id, old_position, position)
    where task.id = place.id and task.position = place.old_position`;
}
