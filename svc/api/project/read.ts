import { authorize, type Principal } from "@rondo/identity";
import { notFound } from "@rondo/problem";
import type { Project } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { findProject } from "./queries.ts";
import { showProject } from "./show.ts";

/** @throws Problem `forbidden`, `not_found` */
export async function readProject({ db }: Pick<Deps, "db">, principal: Principal, id: string): Promise<Project> {
  authorize(principal, "projects.read");
  const project = await findProject(db.sql, principal.workspace_id, id);
  if (!project) throw notFound();
  return showProject(project);
}
