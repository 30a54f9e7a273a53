import type { Changed } from "@rondo/contract";
import type { Principal } from "@rondo/identity";
import { notFound } from "@rondo/problem";
import { deleteProject as decide, type Project } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { changeLockedProject } from "./change_locked.ts";

/** Deletes a project that has no task outside the bin. @throws see `changeProject`; `conflict` for the Inbox and while it has tasks */
export function deleteProject(
  deps: Deps,
  principal: Principal,
  id: string,
  version?: number,
): Promise<Changed<Project>> {
  return changeLockedProject(deps, principal, {
    id,
    version,
    decide(project, holdsTasks) {
      if (project.deleted_at !== null) throw notFound();
      return decide(project, holdsTasks, deps.clock());
    },
  });
}
