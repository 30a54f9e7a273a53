import type { Changed } from "@rondo/contract";
import type { Principal } from "@rondo/identity";
import { patchProject as decide, type Project, type ProjectPatch } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { changeProject } from "./change.ts";

/** Renames, colours, archives or takes out of the archive. @throws see `changeProject`; `conflict` for archiving the Inbox */
export function patchProject(
  deps: Deps,
  principal: Principal,
  { id, patch, version }: { id: string; patch: ProjectPatch; version?: number | undefined },
): Promise<Changed<Project>> {
  return changeProject(deps, principal, { id, version, decide: (project) => decide(project, patch, deps.clock()) });
}
