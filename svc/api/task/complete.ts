import type { Changed } from "@rondo/contract";
import type { Principal } from "@rondo/identity";
import { completeTask as decide, type Task } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { changeTask } from "./change.ts";

/** A completed task is answered as it is: ten at once complete it once. @throws see `changeTask`; `conflict` in the bin */
export function completeTask(deps: Deps, principal: Principal, id: string, version?: number): Promise<Changed<Task>> {
  return changeTask(deps, principal, {
    id,
    version,
    decide: (task) => decide(task, principal.user_id, deps.clock()),
  });
}
