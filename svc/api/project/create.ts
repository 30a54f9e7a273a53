import type { Changed } from "@rondo/contract";
import { authorize, type Principal } from "@rondo/identity";
import { createProject as decide, type NewProject, type Project } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { createThing } from "../thing/create.ts";
import { showProject } from "./change.ts";
import { projectFact } from "./fact.ts";
import { findProject, insertProject } from "./queries.ts";

/**
 * Makes a project, at the end.
 * @param reservedId the id it must have; when that exists already, an earlier try of the same request made it, and it is answered
 * @throws Problem `forbidden`
 */
export async function createProject(
  deps: Deps,
  principal: Principal,
  input: NewProject,
  reservedId?: string,
): Promise<Changed<Project>> {
  authorize(principal, "projects.change");
  const { sql } = deps.db;
  const { workspace_id, user_id } = principal;
  const id = reservedId ?? deps.newId();
  const { next: project, changes } = decide(input, { id, workspace_id, created_by: user_id, now: deps.clock() });
  const fact = projectFact(principal, "project.created", { id: deps.newId(), project, changes });
  const { value, operation_id } = await createThing(deps, {
    value: project,
    fact,
    insert: () => insertProject(sql, project, fact),
    primaryKey: "project_pkey",
    find: () => findProject(sql, workspace_id, id),
  });
  return { value: showProject(value), operation_id };
}
