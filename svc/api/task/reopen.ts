import type { Changed } from "@rondo/contract";
import type { Principal } from "@rondo/identity";
import { reopenTask as decide, type Task } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { changeTask } from "./change.ts";

/** An open task is answered as it is. @throws see `changeTask`; `conflict` in the bin */
export function reopenTask(deps: Deps, principal: Principal, id: string, version?: number): Promise<Changed<Task>> {
  return changeTask(deps, principal, { id, version, decide: (task) => decide(task, deps.clock()) });
}
