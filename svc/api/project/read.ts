import type { Page, ProjectQuery } from "@rondo/contract";
import { decodeCursor, pageOf } from "@rondo/http";
import { authorize, type Principal } from "@rondo/identity";
import { notFound } from "@rondo/problem";
import type { Project } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { isPosition } from "../thing/place.ts";
import { showProject } from "./change.ts";
import { selectProjects } from "./list_queries.ts";
import { findProject } from "./queries.ts";

/** @throws Problem `forbidden`, `not_found` */
export async function readProject({ db }: Pick<Deps, "db">, principal: Principal, id: string): Promise<Project> {
  authorize(principal, "projects.read");
  const project = await findProject(db.sql, principal.workspace_id, id);
  if (!project) throw notFound();
  return showProject(project);
}

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
  return pageOf(found.map(showProject), { limit, scope, keyOf: ({ position }) => position });
}
