/** The verbs that change one project by a rule alone. */
import type { Changed } from "@rondo/contract";
import type { Principal } from "@rondo/identity";
import { notFound } from "@rondo/problem";
import { deleteProject, type Project, type ProjectPatch, patchProject } from "@rondo/task";
import type { Deps } from "../deps.ts";
import type { One } from "../thing/change.ts";
import { changeLockedProject, changeProject } from "./change.ts";

/** Renames, colours, archives or takes out of the archive. @throws see `changeProject`; `conflict` for archiving the Inbox */
export function patch(deps: Deps, principal: Principal, one: One & { body: ProjectPatch }): Promise<Changed<Project>> {
  return changeProject(deps, principal, {
    ...one,
    decide: (project) => patchProject(project, one.body, deps.clock()),
  });
}

/** Deletes a project that has no task outside the bin. @throws see `changeProject`; `conflict` for the Inbox and while it has tasks */
export function remove(deps: Deps, principal: Principal, one: One): Promise<Changed<Project>> {
  return changeLockedProject(deps, principal, {
    ...one,
    decide(project, holdsTasks) {
      if (project.deleted_at !== null) throw notFound();
      return deleteProject(project, holdsTasks, deps.clock());
    },
  });
}
