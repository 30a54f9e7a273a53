/** For the bins of all workspaces together: nobody asks for it, time does. */
import type { Sql } from "@rondo/db";

/** What a purge says of the thing that is gone. */
export interface Purged {
  readonly id: string;
  readonly workspace_id: string;
  /** The last that it had. */
  readonly version: number;
}

export interface PurgedTask extends Purged {
  readonly project_id: string;
}

/**
 * Deletes for good up to `limit` tasks that came into the bin before `before`, the oldest first. One that is just being
 * restored is left alone.
 */
export async function deleteBinnedTasks(sql: Sql, before: Date, limit: number): Promise<PurgedTask[]> {
  return await sql<PurgedTask[]>`
    delete from api.task where id in (
      select id from api.task where deleted_at < ${before} order by deleted_at limit ${limit} for update skip locked
    )
    returning id, workspace_id, project_id, version`;
}

/** The same for projects whose tasks are gone. */
export async function deleteBinnedProjects(sql: Sql, before: Date, limit: number): Promise<Purged[]> {
  return await sql<Purged[]>`
    delete from api.project where id in (
      select id from api.project p
      where deleted_at < ${before} and not exists (select from api.task t where t.project_id = p.id)
      order by deleted_at limit ${limit} for update skip locked
    )
    returning id, workspace_id, version`;
}
