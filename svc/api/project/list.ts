import type { Page, ProjectQuery } from "@rondo/contract";
import { decodeCursor, encodeCursor } from "@rondo/http";
import { authorize, type Principal } from "@rondo/identity";
import type { Project } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { isPosition } from "../page.ts";
import { selectProjects } from "./list_queries.ts";
import { showProject } from "./show.ts";

/** Side bars show all projects, so a page is as long as can be unless told otherwise. */
const defaultLimit = 200;

/** A page of projects in their order. @throws Problem `forbidden`, `invalid` for a cursor of another list */
export async function listProjects(
  { db }: Pick<Deps, "db">,
  principal: Principal,
  { archived = false, limit = defaultLimit, cursor }: ProjectQuery,
): Promise<Page<Project>> {
  authorize(principal, "projects.read");
  const { workspace_id } = principal;
  const scope = JSON.stringify(["projects", workspace_id, String(archived)]);
  const behind = cursor === undefined ? undefined : decodeCursor(scope, cursor, isPosition);
  const list = { workspace_id, archived, behind, limit: limit + 1 };
  const found = await selectProjects(db.sql, list);
  const items = found.slice(0, limit).map(showProject);
  const last = items.at(-1);
  const more = last !== undefined && found.length > limit;
  return { items, next_cursor: more ? encodeCursor(scope, { key: last.position, id: last.id }) : null };
}
