/** For the bins of all workspaces together: nobody asks for it, time does. */
import type { Sql } from "@rondo/db";

/**
 * Deletes for good up to `limit` tasks that came into the bin before `before`, the oldest first; answers how many. One that is just
 * being restored is left alone.
 */
export async function deleteBinnedTasks(sql: Sql, before: Date, limit: number): Promise<number> {
  const { count } = await sql`
    delete from api.task where id in (
      select id from api.task where deleted_at < ${before} order by deleted_at limit ${limit} for update skip locked
    )`;
  return count;
}

/** The same for projects whose tasks are gone. */
export async function deleteBinnedProjects(sql: Sql, before: Date, limit: number): Promise<number> {
  const { count } = await sql`
    delete from api.project where id in (
      select id from api.project p
      where deleted_at < ${before} and not exists (select from api.task t where t.project_id = p.id)
      order by deleted_at limit ${limit} for update skip locked
    )`;
  return count;
}
