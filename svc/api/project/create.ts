import type { Changed } from "@rondo/contract";
import { isUniqueViolation } from "@rondo/db";
import { authorize, type Principal } from "@rondo/identity";
import { createProject as decide, type NewProject, type Project } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { projectFact } from "../fact.ts";
import { findCreation } from "../operation/queries.ts";
import { findProject, insertProject } from "./queries.ts";
import { showProject } from "./show.ts";

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
  const { workspace_id, user_id } = principal;
  const id = reservedId ?? deps.newId();
  const { next: project, changes } = decide(input, { id, workspace_id, created_by: user_id, now: deps.clock() });
  const operation_id = deps.newId();
  const fact = projectFact(principal, "project.created", { id: operation_id, project, changes });
  try {
    await insertProject(deps.db.sql, project, fact);
  } catch (error) {
    const made = isUniqueViolation(error, "project_pkey") && (await findProject(deps.db.sql, workspace_id, id));
    if (!made) throw error;
    return { value: showProject(made), operation_id: await findCreation(deps.db.sql, { workspace_id, id }) };
  }
  deps.wakeRelay();
  return { value: showProject(project), operation_id };
}
