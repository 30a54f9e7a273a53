import type { Sql } from "@rondo/db";
import type { Place } from "@rondo/http";
import type { ProjectState } from "@rondo/task";
import { projectColumns } from "./queries.ts";

export interface ProjectList {
  readonly workspace_id: string;
  readonly archived: boolean;
  readonly behind: Place | undefined;
  readonly limit: number;
}

/** One page of projects by position. */
export async function selectProjects(sql: Sql, list: ProjectList): Promise<ProjectState[]> {
  const { workspace_id, archived, behind, limit } = list;
  return sql<ProjectState[]>`
    select ${projectColumns(sql)} from api.project
    where workspace_id = ${workspace_id} and deleted_at is null
      ${archived ? sql`and archived_at is not null` : sql`and archived_at is null`}
      ${behind === undefined ? sql`` : sql`and (position, id) > (${behind.key}, ${behind.id})`}
    order by position, id limit ${limit}`;
}
