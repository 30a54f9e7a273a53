import type { Changed } from "@rondo/contract";
import type { Principal } from "@rondo/identity";
import { deleteTask as decide, type Task } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { changeTask } from "./change.ts";

/** To the bin. A task that is there is answered as it is. @throws see `changeTask` */
export function deleteTask(deps: Deps, principal: Principal, id: string, version?: number): Promise<Changed<Task>> {
  return changeTask(deps, principal, { id, version, decide: (task) => decide(task, deps.clock()) });
}
