import type { Changed } from "@rondo/contract";
import type { Principal } from "@rondo/identity";
import { patchTask as decide, type Task, type TaskPatch } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { changeTask } from "./change.ts";
import { noProject } from "./create.ts";

/** Changes fields (RFC 7396). Without an effect there is no new version. @throws see `changeTask`; `invalid`, `conflict` in the bin */
export function patchTask(
  deps: Deps,
  principal: Principal,
  { id, patch, version }: { id: string; patch: TaskPatch; version?: number | undefined },
): Promise<Changed<Task>> {
  return changeTask(deps, principal, { id, version, noProject, decide: (task) => decide(task, patch, deps.clock()) });
}
